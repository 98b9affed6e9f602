import { z } from 'zod'
import { invalid } from '../../kernel/errors.ts'

const id = z.string().min(1)
const account = z.string().regex(/^\d{12}$/, 'an account id has twelve digits')
const attached = z.array(id).default([])

/** The tree file, as docs/guide/replay.md describes it. */
const treeFile = z.strictObject({
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]+$/, 'an organisation id begins with `o-`')
    .optional(),
  managementAccount: account.optional(),
  delegatedAdministrators: z.array(account).default([]),
  root: z.strictObject({ id: id.default('root'), policies: attached }).default({ id: 'root', policies: [] }),
  ous: z
    .array(z.strictObject({ id, parent: id, name: z.string().optional(), policies: attached }))
    .default([]),
  accounts: z.array(
    z.strictObject({ id: account, parent: id, name: z.string().optional(), policies: attached }),
  ),
})
type TreeFile = z.infer<typeof treeFile>

/** A place of the organisation with the names of what is attached there. */
export interface Node {
  readonly id: string
  readonly policies: readonly string[]
}

export interface Tree {
  readonly organizationId: string | null
  readonly managementAccount: string | null
  /** Bound by SCPs and RCPs like any member; named in the result, because people expect the contrary. */
  readonly delegatedAdministrators: readonly string[]
  /** Root first, account last; `null`: the account is not in the organisation. */
  readonly pathOf: (account: string) => readonly Node[] | null
  /** Name of an account, or `null`. */
  readonly nameOf: (account: string) => string | null
  readonly nodes: readonly Node[]
}

/** Checks a tree; every fault with its place. */
export function readTree(value: unknown, source: string): Tree {
  const parsed = treeFile.safeParse(value)
  if (!parsed.success)
    throw invalid(
      'bad_tree',
      `\`${source}\` is no tree of an organisation; docs/guide/replay.md describes the file.`,
      parsed.error.issues.map((issue) => ({
        path: issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
        code: issue.code,
        message: issue.message,
      })),
    )
  return treeOf(parsed.data, source)
}

/** The tree of a checked file; `source` stands in messages. */
function treeOf(file: TreeFile, source: string): Tree {
  const ous = new Map(file.ous.map((ou) => [ou.id, ou]))
  const accounts = new Map(file.accounts.map((one) => [one.id, one]))
  refuseTwice(file, source)
  const paths = new Map<string, readonly Node[]>([[file.root.id, [file.root]]])
  const path = (at: string, from: readonly string[]): readonly Node[] => {
    const known = paths.get(at)
    if (known !== undefined) return known
    const ou = ous.get(at)
    if (ou === undefined || from.includes(at))
      throw invalid(
        'bad_tree',
        ou === undefined
          ? `\`${source}\`: there is no OU \`${at}\`, which \`${from.at(-1)}\` names as its parent.`
          : `\`${source}\`: the OU \`${at}\` is its own ancestor.`,
      )
    const found = [...path(ou.parent, [...from, at]), ou]
    paths.set(at, found)
    return found
  }
  for (const one of [...file.ous, ...file.accounts]) path(one.parent, [one.id])
  return {
    organizationId: file.organizationId ?? null,
    managementAccount: file.managementAccount ?? null,
    delegatedAdministrators: file.delegatedAdministrators,
    pathOf: (one) => {
      const found = accounts.get(one)
      return found === undefined ? null : [...path(found.parent, [one]), found]
    },
    nameOf: (one) => accounts.get(one)?.name ?? null,
    nodes: [file.root, ...file.ous, ...file.accounts],
  }
}

/** Of two places with the same id one would be lost, with what is attached there. */
function refuseTwice({ root, ous, accounts }: TreeFile, source: string): void {
  const [once, more] = [new Set<string>(), new Set<string>()]
  for (const { id } of [root, ...ous, ...accounts]) (once.has(id) ? more : once).add(id)
  const twice = [...more]
  if (twice.length > 0)
    throw invalid(
      'bad_tree',
      `\`${source}\` has more than one place with the id ${twice.map((id) => `\`${id}\``).join(', ')}: write each OU and account once.`,
    )
}
