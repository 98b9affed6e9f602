const WORD = /"([A-Za-z0-9*?-]+):[^"\s]*"/g

/** Service prefixes that a policy's text speaks of, in actions and condition keys; wildcards are opened over `services`. */
export function prefixesIn(text: string, services: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const match of text.matchAll(WORD)) {
    const prefix = (match[1] ?? '').toLowerCase()
    if (!/[*?]/.test(prefix)) found.add(prefix)
    else for (const service of services) if (fits(prefix, service)) found.add(service)
  }
  return new Set([...found].filter((prefix) => services.includes(prefix)))
}

const fits = (pattern: string, service: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(service)
