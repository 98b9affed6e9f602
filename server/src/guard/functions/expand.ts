import type { Spans } from '../regex/backtrack.ts'

const REFERENCE = /\$(?:(\$)|\{([^}]*)\}|(\w+))/g

/** Puts groups into a replacement as Rust's `regex` does: `$1`, `${1}`, `$name`; `$$` is a dollar, `$1a` is a name. */
export function expand(
  replacement: string,
  text: string,
  spans: Spans,
  names: ReadonlyMap<string, number>,
): string {
  return replacement.replace(REFERENCE, (_, dollar?: string, braced?: string, bare?: string) => {
    if (dollar !== undefined) return '$'
    const name = braced ?? bare ?? ''
    const index = /^\d+$/.test(name) ? Number(name) : names.get(name)
    const [from, to] = index === undefined ? [-1, -1] : [spans[2 * index] ?? -1, spans[2 * index + 1] ?? -1]
    return from < 0 ? '' : text.slice(from, to)
  })
}
