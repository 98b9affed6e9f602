/**
 * Effective management policies: what an account's policies of one type come to after inheritance. From the root down,
 * and at each level in the order of attachment: `@@assign` overwrites, `@@append` adds, `@@remove` takes away;
 * `@@operators_allowed_for_child_policies` at a node limits what lower levels may do there. Pure.
 */
export type PolicyNode = { readonly [key: string]: unknown }

const ASSIGN = '@@assign'
const APPEND = '@@append'
const REMOVE = '@@remove'
const ALLOWED = '@@operators_allowed_for_child_policies'

interface Merged {
  value: unknown
  /** Operators that lower levels may still use here; null: all. */
  allowed: readonly string[] | null
  readonly children: Map<string, Merged>
}

const empty = (allowed: readonly string[] | null): Merged => ({
  value: undefined,
  allowed,
  children: new Map(),
})

/** One list of documents for each level, root first. */
export function effectivePolicy(levels: readonly (readonly PolicyNode[])[]): unknown {
  const root = empty(null)
  for (const documents of levels) {
    // What a level forbids binds the levels below, not its own documents.
    const before = documents.length > 1 ? snapshotAllowed(root) : null
    for (const document of documents) merge(root, document, before)
  }
  return plainOf(root) ?? {}
}

function merge(
  into: Merged,
  node: PolicyNode,
  frozen: ReadonlyMap<Merged, readonly string[] | null> | null,
): void {
  const allowed = frozen?.has(into) ? (frozen.get(into) ?? null) : into.allowed
  const may = (operator: string) =>
    allowed === null || allowed.includes('@@all') || allowed.includes(operator)
  if (ASSIGN in node && may(ASSIGN)) into.value = node[ASSIGN]
  if (APPEND in node && may(APPEND)) into.value = [...new Set([...list(into.value), ...list(node[APPEND])])]
  if (REMOVE in node && may(REMOVE))
    into.value = list(into.value).filter((v) => !list(node[REMOVE]).includes(v))
  for (const [key, child] of Object.entries(node)) {
    if (key.startsWith('@@') || child === null || typeof child !== 'object' || Array.isArray(child)) continue
    const known = into.children.get(key) ?? empty(allowed)
    into.children.set(key, known)
    merge(known, child as PolicyNode, frozen)
  }
  if (ALLOWED in node) into.allowed = list(node[ALLOWED]).map(String)
}

function snapshotAllowed(root: Merged): Map<Merged, readonly string[] | null> {
  const found = new Map([[root, root.allowed]])
  for (const child of root.children.values()) for (const [k, v] of snapshotAllowed(child)) found.set(k, v)
  return found
}

function plainOf({ value, children }: Merged): unknown {
  if (value !== undefined) return value
  const members = [...children]
    .map(([k, child]) => [k, plainOf(child)] as const)
    .filter(([, v]) => v !== undefined)
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

const list = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
