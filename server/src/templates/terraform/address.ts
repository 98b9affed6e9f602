/** An instance of a resource: `module.net["a"].aws_vpc.main[0]`. */
export interface Address {
  /** Module calls with their indices, from the root inwards. */
  readonly modules: readonly { readonly name: string; readonly index: string | null }[]
  /** `aws_vpc.main` */
  readonly address: string
  readonly index: string | null
}

/** Splits at dots that are in no brackets; keys of `for_each` may hold anything. */
function partsOf(address: string): readonly string[] {
  const parts: string[] = []
  let [from, quoted, depth] = [0, false, 0]
  for (let i = 0; i < address.length; i++) {
    const char = address[i]
    if (quoted && char === '\\') i += 1
    else if (char === '"') quoted = !quoted
    else if (!quoted && char === '[') depth += 1
    else if (!quoted && char === ']') depth -= 1
    else if (!quoted && depth === 0 && char === '.') {
      parts.push(address.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, address.slice(from)]
}

function named(part: string): { readonly name: string; readonly index: string | null } {
  const at = part.indexOf('[')
  if (at < 0) return { name: part, index: null }
  return { name: part.slice(0, at), index: part.slice(at + 1, -1).replace(/^"(.*)"$/s, '$1') }
}

export function parseAddress(text: string): Address {
  const parts = partsOf(text)
  const modules: { name: string; index: string | null }[] = []
  let i = 0
  for (; parts[i] === 'module'; i += 2) modules.push(named(parts[i + 1] ?? ''))
  const rest = parts.slice(i)
  const last = named(rest.at(-1) ?? '')
  return { modules, address: [...rest.slice(0, -1), last.name].join('.'), index: last.index }
}
