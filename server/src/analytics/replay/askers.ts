import type { Atom } from '../../policy/compile/atom.ts'
import type { ContextEntry, Request } from '../../policy/request.ts'
import type { IamFacts } from '../../policy/trail/facts.ts'
import { entryOf, lookIn, resourceFacts } from '../../policy/trail/requests.ts'
import type { AtomRow } from './atoms.ts'
import {
  BLANK,
  orgEntry,
  type Part,
  type Parts,
  PRINCIPAL_ORG_KEYS,
  RESOURCE_ORG_KEYS,
  trailRequestOf,
} from './check.ts'
import type { Estate } from './estate.ts'
import type { World } from './world.ts'

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
export type Asker = (parts: Parts) => Uint32Array | null

export interface AskerOf {
  readonly input: string
  readonly ask: Asker
  /** Answers of the atoms of the input, as a text. */
  readonly told: (entry: ContextEntry) => string
}

/** For each part and each thing that atoms read of it, one asker for all those atoms. */
export function askersOf(
  { row, estate, iam }: World,
  words: number,
): Readonly<Record<Part, readonly AskerOf[]>> {
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
