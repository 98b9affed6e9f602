/** Which pages of the API there are: its own OpenAPI document says it, and its lists name the things that have a page. */

/** Asks as one persona; null when that role may not, or the thing is not there. */
export type Ask = (path: string) => Promise<unknown>

export interface PagePaths {
  readonly pages: readonly string[]
  /** Whole lists as files, and checks of everything: they may take as long as they are. */
  readonly downloads: readonly string[]
  /** Pages of things of which the filled register has none. */
  readonly without: readonly string[]
}

const STREAMS = ['/api/events']
const DOWNLOADS = ['/api/accounts/export', '/api/ledger/verify']

/**
 * @param searches pages with a query, which no document can name
 * @param known things to look at, by the list that they are in; of other lists it is the first
 */
export async function pagePaths(
  ask: Ask,
  searches: readonly string[],
  known: Readonly<Record<string, string>> = {},
): Promise<PagePaths> {
  const document = (await ask('/openapi.json')) as { paths: Readonly<Record<string, { get?: object }>> }
  const gets = Object.keys(document.paths).filter(
    (path) => path.startsWith('/api/') && document.paths[path]?.get !== undefined && !STREAMS.includes(path),
  )
  const pages: string[] = [...searches]
  const downloads: string[] = []
  const without: string[] = []
  for (const path of gets) {
    const real = await filledIn(ask, path, known)
    if (real === null) without.push(path)
    else if (DOWNLOADS.includes(path)) downloads.push(real)
    else pages.push(real)
  }
  return { pages, downloads, without }
}

/** Each placeholder by the first thing of the list before it. */
async function filledIn(
  ask: Ask,
  path: string,
  known: Readonly<Record<string, string>>,
): Promise<string | null> {
  const open = path.indexOf('/{')
  if (open < 0) return path
  const close = path.indexOf('}', open)
  const list = path.slice(0, open)
  const id = known[list] ?? firstOf(await ask(list), path.slice(open + 2, close))
  if (id === null) return null
  return filledIn(ask, `${list}/${encodeURIComponent(id)}${path.slice(close + 1)}`, known)
}

function firstOf(answer: unknown, placeholder: string): string | null {
  const list = Array.isArray(answer) ? answer : Object.values(answer ?? {}).find(Array.isArray)
  const first = ((list ?? []) as readonly Readonly<Record<string, unknown>>[])[0]
  const value = first?.[placeholder] ?? first?.id ?? first?.name
  return value === undefined ? null : String(value)
}
