import type { Atom } from '../../policy/compile/atom.ts'
import { rcpApplies, scpApplies } from '../../policy/evaluate/exempt.ts'
import { ABSENT, type ContextEntry, type PrincipalType, type Request } from '../../policy/request.ts'
import { NO_PERMISSION_NEEDED } from '../../policy/rules/rules.ts'
import type { IamFacts } from '../../policy/trail/facts.ts'
import { entryOf, lookIn, resourceFacts } from '../../policy/trail/requests.ts'
import type { AtomRow } from './atoms.ts'
import {
  BLANK,
  orgEntry,
  PARTS,
  type Part,
  type Parts,
  PRINCIPAL_ORG_KEYS,
  RESOURCE_ORG_KEYS,
  trailRequestOf,
} from './check.ts'
import type { Estate } from './estate.ts'

/**
 * Values of a part that no policy tells apart are one class. A trail of millions of resources has few hundred classes;
 * each atom is asked once for each value, as rows of bits: whether the part tells of the atom at all, and then yes or unknown.
 */
export interface Classes {
  /** Class of a value; the same values always give the same. */
  classOf<P extends Part>(part: P, value: Parts[P]): number
  /** `classOf` of `{ [key]: values }`, made for asking many values of one key. */
  classOfEntry(part: 'context' | 'network', key: string): (values: readonly string[] | null) => number
  /** Words of 32 atoms: told, yes, unknown; `3 * words` for each class. */
  readonly bits: (part: Part) => Uint32Array
  /** A value of the class. */
  readonly valueOf: <P extends Part>(part: P, number: number) => Parts[P]
  readonly words: number
  /** A class as another thread with the same world can `adopt` it. */
  readonly packed: (part: Part, number: number) => PackedClass
  /** Number of the class here. */
  adopt(part: Part, one: PackedClass): number
}

export interface PackedClass {
  /** Equal for equal classes of a part. */
  readonly key: string
  readonly value: Parts[Part]
  readonly bits: Uint32Array
}

export interface World {
  readonly estate: Estate
  readonly row: AtomRow
  readonly iam: IamFacts
}

interface Table {
  readonly numbers: Map<string, number>
  readonly keys: string[]
  readonly values: Parts[Part][]
  bits: Uint32Array
}

export function classesOf(world: World): Classes {
  const words = Math.max(1, Math.ceil(world.row.atoms.length / 32))
  const tables = Object.fromEntries(
    PARTS.map((part): [Part, Table] => [
      part,
      { numbers: new Map(), keys: [], values: [], bits: new Uint32Array(3 * words * 64) },
    ]),
  ) as unknown as Readonly<Record<Part, Table>>
  const askers = askersOf(world, words)
  const scratch = new Uint32Array(3 * words)
  const characters = new Uint16Array(scratch.buffer)

  /** Class of what `askers` tell of a value, and of what else of it decides. */
  const numberOf = (part: Part, value: Parts[Part], asked: readonly Asker[]): number => {
    scratch.fill(0)
    const parts = { ...BLANK, [part]: value }
    for (const asker of asked) {
      const told = asker(parts)
      if (told !== null)
        for (let w = 0; w < told.length; w++) scratch[w] = (scratch[w] as number) | (told[w] as number)
    }
    const key = `${String.fromCharCode(...characters)} ${projection(part, parts, world)}`
    return tables[part].numbers.get(key) ?? put(part, { key, value, bits: scratch })
  }
  const put = (part: Part, { key, value, bits }: PackedClass): number => {
    const table = tables[part]
    const number = table.values.length
    table.numbers.set(key, number)
    table.keys.push(key)
    table.values.push(value)
    if ((number + 1) * 3 * words > table.bits.length) {
      const wider = new Uint32Array(table.bits.length * 2)
      wider.set(table.bits)
      table.bits = wider
    }
    table.bits.set(bits, number * 3 * words)
    return number
  }
  const all = (part: Part) => askers[part].map(({ ask }) => ask)
  const every = Object.fromEntries(PARTS.map((part) => [part, all(part)])) as Readonly<Record<Part, Asker[]>>

  return {
    words,
    bits: (part) => tables[part].bits,
    valueOf: <P extends Part>(part: P, number: number) => tables[part].values[number] as Parts[P],
    packed: (part, number) => ({
      key: tables[part].keys[number] as string,
      value: tables[part].values[number] as Parts[Part],
      bits: tables[part].bits.slice(number * 3 * words, (number + 1) * 3 * words),
    }),
    adopt: (part, one) => tables[part].numbers.get(one.key) ?? put(part, one),
    classOf: (part, value) => numberOf(part, value, every[part]),
    classOfEntry(part, key) {
      const asked = askers[part].filter(({ input }) => tells(key, input))
      const [only, ...others] = asked
      const whole = (values: readonly string[] | null) =>
        numberOf(
          part,
          { [key]: values },
          asked.map(({ ask }) => ask),
        )
      if (only === undefined || others.length > 0 || world.row.together.length > 0) return whole
      // Few answers are there to be had, however many values: each is made a class once.
      const known = new Map<string, number>()
      return (values) => {
        const told = only.told(values === null ? ABSENT : { state: 'known', values })
        const before = known.get(told)
        if (before !== undefined) return before
        const made = whole(values)
        known.set(told, made)
        return made
      }
    },
  }
}

/** Whether `lookIn` (policy/trail/requests.ts) may take an asked key from a key of facts. */
export const tells = (key: string, asked: string): boolean =>
  key === asked || (key.endsWith('*') && asked.startsWith(key.slice(0, -1)))

function note(bits: Uint32Array, words: number, index: number, told: ReturnType<Atom['test']>): void {
  const word = index >>> 5
  const bit = 1 << (index & 31)
  bits[word] = (bits[word] as number) | bit
  if (told === 'yes') bits[words + word] = (bits[words + word] as number) | bit
  if (told === 'unknown') bits[2 * words + word] = (bits[2 * words + word] as number) | bit
}

/** What a part tells of the atoms of one input, as rows of bits (told, yes, unknown); `null`: nothing. */
type Asker = (parts: Parts) => Uint32Array | null

interface AskerOf {
  readonly input: string
  readonly ask: Asker
  /** Answers of the atoms of the input, as a text. */
  readonly told: (entry: ContextEntry) => string
}

/** For each part and each thing that atoms read of it, one asker for all those atoms. */
function askersOf({ row, estate, iam }: World, words: number): Readonly<Record<Part, readonly AskerOf[]>> {
  const askers: Record<Part, AskerOf[]> = {
    context: [],
    principal: [],
    network: [],
    resource: [],
    region: [],
    action: [],
  }
  for (const [input, found] of atomsByInput(row)) {
    const bitsOf = (request: Request): Uint32Array => {
      const bits = new Uint32Array(3 * words)
      for (const { test, indexes } of found) {
        const truth = test(request)
        for (const index of indexes) note(bits, words, index, truth)
      }
      return bits
    }
    const told = (entry: ContextEntry): string => {
      const request = requestWith(BLANK, input, entry)
      let answers = ''
      for (const { test } of found) answers += test(request)
      return answers
    }
    for (const [part, read] of readersOf(input, estate, iam))
      askers[part].push({ input, ask: asker(input, read, bitsOf), told })
  }
  return askers
}

interface SameAtoms {
  readonly test: Atom['test']
  readonly indexes: number[]
}

/** Atoms that read one input, by this; those that say the same (exceptions of most statements do) are asked once. */
function atomsByInput(row: AtomRow): ReadonlyMap<string, readonly SameAtoms[]> {
  const found = new Map<string, Map<string, SameAtoms>>()
  for (const [index, { inputs, text, test }] of row.atoms.entries()) {
    if (row.joint.includes(index)) continue
    const [input = ''] = inputs
    const ofInput = found.get(input) ?? new Map<string, SameAtoms>()
    found.set(input, ofInput)
    const same = ofInput.get(text) ?? { test, indexes: [] }
    ofInput.set(text, same)
    same.indexes.push(index)
  }
  return new Map([...found].map(([input, ofInput]) => [input, [...ofInput.values()]]))
}

/** Distinct entries of a key are few against the values that carry it; more words than this are a sign that they are not. */
const REMEMBERED_WORDS = 500_000

/** An atom of one key sees nothing else of a request, so that its answer is kept for each entry of the key. */
function asker(input: string, read: Reading, bitsOf: (request: Request) => Uint32Array): Asker {
  const remembered = new Map<string, Uint32Array>()
  return (parts) => {
    const entry = read(parts)
    if (entry === undefined) return null
    if (entry === null) return bitsOf(requestWith(parts, input, null))
    const text = entryText(entry)
    const known = remembered.get(text)
    if (known !== undefined) return known
    const made = bitsOf(requestWith(parts, input, entry))
    if (remembered.size * made.length >= REMEMBERED_WORDS) remembered.clear()
    remembered.set(text, made)
    return made
  }
}

const entryText = (entry: ContextEntry): string =>
  entry.state !== 'known'
    ? entry.state
    : entry.values.length === 1
      ? `=${entry.values[0]}`
      : JSON.stringify(entry.values)

/** `null`: no context key, the request itself is read. */
type Reading = (parts: Parts) => ContextEntry | null | undefined

function readersOf(input: string, estate: Estate, iam: IamFacts): readonly (readonly [Part, Reading])[] {
  if (input === 'action' || input === 'principal' || input === 'resource') return [[input, () => null]]
  const whole: Reading = (parts) => entryOf(trailRequestOf(parts), input, iam)
  if (input === 'aws:requestedregion') return [['region', whole]]
  if (input === 'aws:resourceaccount' || input === 's3:resourceaccount') return [['resource', whole]]
  if (PRINCIPAL_ORG_KEYS.has(input) || RESOURCE_ORG_KEYS.has(input)) {
    const part: Part = PRINCIPAL_ORG_KEYS.has(input) ? 'principal' : 'resource'
    return [
      [part, (parts) => orgEntry(input, parts, estate)],
      ['action', whole],
    ]
  }
  return [
    ['context', (parts) => lookIn(parts.context, input)],
    ['principal', (parts) => lookIn(parts.principal.keys, input)],
    ['network', (parts) => lookIn(parts.network, input)],
    ['action', whole],
  ]
}

const requestWith = (parts: Parts, key: string, entry: ContextEntry | null): Request => ({
  action: parts.action,
  resource: resourceFacts(parts.resource.arn, parts.resource.account, parts.resource.assumed),
  principal: parts.principal.principal,
  context: new Map(entry === null ? [] : [[key, entry]]),
  unlisted: 'unknown',
})

/** What else of a value decides: exemptions, the place in the organisation, and what joint atoms read. */
function projection(part: Part, parts: Parts, world: World): string {
  const { estate, row, iam } = world
  const kept =
    row.together.length === 0
      ? ''
      : JSON.stringify(
          row.together.map((key) =>
            part === 'context'
              ? lookIn(parts.context, key)
              : part === 'network'
                ? lookIn(parts.network, key)
                : part === 'action'
                  ? entryOf(trailRequestOf(parts), key, iam)
                  : part === 'principal'
                    ? [lookIn(parts.principal.keys, key), orgEntry(key, parts, estate)]
                    : [orgEntry(key, parts, estate)],
          ),
        )
  if (part === 'principal') {
    const { principal } = parts.principal
    const caller = row.joint.length > 0 ? JSON.stringify(principal) : ''
    return `${principal.type} ${linked(principal.type, principal.arn)} ${principal.account === null} ${estate.profileOf(principal.account)} ${caller} ${kept}`
  }
  if (part === 'resource') {
    const { arn, account, assumed } = parts.resource
    return `${account === null} ${arn === '*'} ${estate.profileOf(account)} ${row.joint.length > 0 ? account : ''} ${row.jointResource ? `${arn} ${assumed}` : ''} ${kept}`
  }
  if (part === 'action')
    return `${exemptions(parts.action)} ${row.joint.length > 0 ? parts.action : ''} ${kept}`
  if (part === 'region') return row.joint.length > 0 ? parts.region : ''
  return kept
}

const linked = (type: PrincipalType, arn: string | null) =>
  type === 'service_linked_role' || arn?.includes(':role/aws-service-role/') === true

const TYPES: readonly PrincipalType[] = [
  'user',
  'role',
  'root',
  'service_linked_role',
  'federated_user',
  'web_identity',
  'saml',
  'service',
  'anonymous',
  'account',
  'unknown',
]

/** Which policies the action is exempt from, for each type of caller. */
function exemptions(action: string): string {
  const requests = TYPES.map(
    (type): Request => ({
      action,
      resource: { arn: '*', account: '111122223333' },
      principal: { type, arn: null, account: '111122223333' },
      context: new Map(),
      unlisted: 'unknown',
    }),
  )
  return `${requests.map((one) => `${scpApplies(one).exempt}${rcpApplies(one).exempt}`).join()} ${NO_PERMISSION_NEEDED.has(action.toLowerCase())}`
}
