/**
 * Items of a paged list, page after page, with only one page in memory.
 * @param page gets the token of the page (undefined for the first) and returns its items and the next token.
 */
export async function* paged<T>(
  page: (token: string | undefined) => Promise<{ items: readonly T[] | undefined; next: string | undefined }>,
): AsyncGenerator<T> {
  let token: string | undefined
  do {
    const { items, next } = await page(token)
    yield* items ?? []
    token = next
  } while (token)
}

/** The first item that fits; stops asking AWS for pages as soon as it is found. */
export async function find<T>(
  items: AsyncIterable<T>,
  fits: (item: T) => boolean | Promise<boolean>,
): Promise<T | null> {
  for await (const item of items) if (await fits(item)) return item
  return null
}

/** A value that is asked for once and kept; a refusal is not kept. */
export function once<T>(load: () => Promise<T>): (() => Promise<T>) & { forget(): void } {
  let value: Promise<T> | null = null
  const get = () => {
    if (value === null) {
      const loading = load()
      value = loading
      loading.catch(() => {
        if (value === loading) value = null
      })
    }
    return value
  }
  return Object.assign(get, {
    forget: () => {
      value = null
    },
  })
}
