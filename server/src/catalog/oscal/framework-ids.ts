import catalogs from './frameworks.json' with { type: 'json' }

interface CatalogOf {
  readonly href: string
  readonly identifiers: string
}

const KNOWN: Readonly<Record<string, CatalogOf>> = catalogs.catalogs

/** Where the OSCAL catalog of a framework is; a URN of ours for one that has none. */
export const hrefOf = (framework: string): string =>
  KNOWN[framework]?.href ?? `urn:rankan:framework:${framework}`

/** The framework that a `source` or an `href` means, or null. */
export function frameworkAt(href: string): string | null {
  const known = Object.entries(KNOWN).find(([, one]) => one.href === href)?.[0]
  return known ?? /^urn:rankan:framework:(.+)$/.exec(href)?.[1] ?? null
}

/** `AC-2(1)` is `ac-2.1` in NIST's catalog. Elsewhere, what no OSCAL token may hold is written as `_x2f_`. */
export function toOscalId(framework: string, element: string): string {
  if (KNOWN[framework]?.identifiers === 'token') return element.toLowerCase().replace(/\((\d+)\)/g, '.$1')
  const token = element.replace(/[^\p{L}\p{N}.\-_]/gu, (one) => `_x${one.codePointAt(0)?.toString(16)}_`)
  return /^\p{L}/u.test(token) ? token : `_${token}`
}

/** The other way: `ac-2.1` is `AC-2(1)`. */
export function fromOscalId(framework: string, id: string): string {
  if (KNOWN[framework]?.identifiers === 'token') return id.toUpperCase().replace(/\.(\d+)/g, '($1)')
  const whole = /^_(?!x[0-9a-f]+_)/.test(id) ? id.slice(1) : id
  return whole.replace(/_x([0-9a-f]+)_/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
}
