import type { PlannedPolicy, StatementSource } from '../../domain/controls/plans.ts'
import type { GuardrailKind } from '../../domain/policies/kinds.ts'
import { type Issue, invalid } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import type { OrganizationKind } from '../../policy/guardrails.ts'
import { type Packed, pack } from '../../policy/pack/pack.ts'
import type { Source } from '../../policy/pack/piece.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import { policyOf } from '../cases.ts'
import { isFileForm } from '../record.ts'
import type { Chosen } from './choose.ts'
import { joinManagement } from './management.ts'

/** SHA-256 as hex: the planner also runs where there is no Node. */
export type Hash = (text: string) => string

/** The policies of one kind that a target is to have. */
export interface WantedPolicies {
  readonly kind: GuardrailKind
  readonly policies: readonly Omit<PlannedPolicy, 'there'>[]
  readonly dropped: readonly {
    readonly source: StatementSource
    readonly because: 'covered' | 'never_matches'
    readonly by: readonly StatementSource[]
  }[]
  /** Characters of each control's own document, for whoever has to choose what to leave out. */
  readonly sizes: ReadonlyMap<string, number>
}

/** Only policies with such a name are ever changed or taken away. The text decides the name, so another text is another policy. */
export const OUR_POLICY = /^rankan-([a-z0-9-]+)-[0-9a-f]{12}$/
const nameOf = (kind: GuardrailKind, text: string, hash: Hash): string =>
  `rankan-${kind.replaceAll('_', '-')}-${hash(text).slice(0, 12)}`

/** `declarative-ec2` of a control's record is `declarative_ec2` of Organizations' kinds. */
export const kindOf = (form: string): GuardrailKind => form.replaceAll('-', '_') as GuardrailKind

interface Document {
  readonly control: string
  readonly file: string
  readonly document: unknown
}

/** Preventive forms of one kind in the fewest policies. The order of `forms` does not matter. */
export function wantedPolicies(
  forms: readonly Chosen[],
  limits: OrganizationKind,
  hash: Hash,
): WantedPolicies {
  const documents = forms.flatMap(documentOf).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const sizes = new Map<string, number>()
  for (const { control, document } of documents)
    sizes.set(control, (sizes.get(control) ?? 0) + JSON.stringify(document).length)
  const { kind } = limits
  const wanted =
    kind === 'scp' || kind === 'rcp'
      ? packed(documents, kind, limits, hash)
      : joined(documents, kind, limits, hash)
  refuseTooLong(wanted.policies, limits, sizes)
  return { kind, ...wanted, sizes }
}

function documentOf({ control, form, values }: Chosen): readonly Document[] {
  if (!isFileForm(form)) return []
  return [{ control: control.record.id, file: form.file, document: policyOf(control, form, values) }]
}

const keyOf = ({ control, file }: Pick<Document, 'control' | 'file'>): string => `${control}/${file}`

function packed(
  documents: readonly Document[],
  kind: 'scp' | 'rcp',
  { maxCharacters }: OrganizationKind,
  hash: Hash,
): Pick<WantedPolicies, 'policies' | 'dropped'> {
  if (documents.length === 0) return { policies: [], dropped: [] }
  const policies = documents.map((one) => parsed(one, kind))
  const options = { characters: maxCharacters, slots: Number.MAX_SAFE_INTEGER }
  const together = pack(policies, options)
  const bins = firstFit(documents, maxCharacters)
  // The search for the fewest policies is bounded: it must not end worse than putting whole controls side by side.
  const found =
    together.documents.length <= bins.length
      ? [together]
      : bins.map((bin) =>
          pack(
            policies.filter(({ name }) => bin.has(name)),
            options,
          ),
        )
  return {
    policies: found.flatMap((one) => one.documents).map((one) => policyFrom(one, kind, maxCharacters, hash)),
    dropped: found
      .flatMap((one) => one.dropped)
      .map(({ source, because, by }) => ({
        source: sourceOf(source),
        because,
        by: by.map(sourceOf),
      })),
  }
}

/** Characters around the statements of a document, less the comma behind one. */
const FRAME = '{"Version":"2012-10-17","Statement":[]}'.length - 1

/** Names of the documents that share a policy when each goes into the first that has room. */
function firstFit(documents: readonly Document[], maxCharacters: number): readonly ReadonlySet<string>[] {
  const bins: { readonly names: Set<string>; used: number }[] = []
  for (const one of documents) {
    const size = JSON.stringify(one.document).length - FRAME
    const bin = bins.find(({ used }) => used + size <= maxCharacters - FRAME)
    if (bin === undefined) bins.push({ names: new Set([keyOf(one)]), used: size })
    else {
      bin.names.add(keyOf(one))
      bin.used += size
    }
  }
  return bins.map(({ names }) => names)
}

function parsed(one: Document, kind: 'scp' | 'rcp'): Policy {
  const { policy, problems } = parsePolicy(JSON.stringify(one.document), kind, {
    name: keyOf(one),
    tolerate: ['too_long'],
  })
  if (policy !== null) return policy
  throw invalid(
    'bad_policy',
    `\`${keyOf(one)}\` with these values is no ${kind.toUpperCase()}.`,
    problems.map(({ path, code, message }) => ({ path: [one.control, one.file, path], code, message })),
  )
}

const policyFrom = (
  { text, characters, statements }: Packed['documents'][number],
  kind: GuardrailKind,
  maxCharacters: number,
  hash: Hash,
): WantedPolicies['policies'][number] => ({
  kind,
  name: nameOf(kind, text, hash),
  document: text,
  characters,
  maxCharacters,
  controls: unique(statements.flatMap(({ sources }) => sources.map((one) => sourceOf(one).control))),
  statements: statements.map(({ sources, overKnownActions }) => ({
    sources: sources.map(sourceOf).sort(bySource),
    overKnownActions: [...overKnownActions],
  })),
})

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort()

function sourceOf({ policy, index, sid }: Source): StatementSource {
  const slash = policy.indexOf('/')
  return { control: policy.slice(0, slash), file: policy.slice(slash + 1), index, sid }
}

const bySource = (a: StatementSource, b: StatementSource): number =>
  keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a.index - b.index

function joined(
  documents: readonly Document[],
  kind: GuardrailKind,
  { maxCharacters }: OrganizationKind,
  hash: Hash,
): Pick<WantedPolicies, 'policies' | 'dropped'> {
  const parts = documents.map(({ control, document }) => ({ control, document: document as Json }))
  const { documents: found, issues } = joinManagement(parts, maxCharacters)
  if (issues.length > 0)
    throw invalid('policies_clash', 'Controls of this target contradict each other.', issues)
  const policies = found.map(({ text, controls }) => ({
    kind,
    name: nameOf(kind, text, hash),
    document: text,
    characters: text.length,
    maxCharacters,
    controls: [...controls],
    statements: [],
  }))
  return { policies, dropped: [] }
}

function refuseTooLong(
  policies: WantedPolicies['policies'],
  { kind, maxCharacters }: OrganizationKind,
  sizes: ReadonlyMap<string, number>,
): void {
  const long = policies.filter(({ characters }) => characters > maxCharacters)
  if (long.length === 0) return
  throw invalid(
    'does_not_fit',
    `A statement is longer than the ${maxCharacters} characters that AWS takes of one ${kind}.`,
    long.flatMap(({ controls, characters }) => sizeIssues(controls, sizes, kind, `${characters} characters`)),
  )
}

/** One issue for each control, the longest first. */
export const sizeIssues = (
  controls: readonly string[],
  sizes: ReadonlyMap<string, number>,
  kind: string,
  what: string,
): readonly Issue[] =>
  [...controls]
    .sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || (a < b ? -1 : 1))
    .map((control) => ({
      path: [control, kind],
      code: 'control_size',
      params: { control, characters: sizes.get(control) ?? 0 },
      message: `\`${control}\` brings ${sizes.get(control) ?? 0} characters of ${kind} (${what} together).`,
    }))
