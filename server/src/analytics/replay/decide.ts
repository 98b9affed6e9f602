import { rcpApplies, scpApplies } from '../../policy/evaluate/exempt.ts'
import type { PolicyLevel } from '../../policy/policies.ts'
import { NO_PERMISSION_NEEDED } from '../../policy/rules/rules.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import { both, either, not, type Truth } from '../../policy/truth.ts'
import { askOf, PARTS, type Part, type Parts } from './check.ts'
import { type Classes, classesOf } from './classes.ts'
import type { World } from './world.ts'

export const ALLOWED = 0
export const UNKNOWN = 1
export const DENIED = 2
export type VerdictCode = typeof ALLOWED | typeof UNKNOWN | typeof DENIED

/** What checks of the same classes get. */
export interface Outcome {
  readonly verdict: VerdictCode
  /** Statements (numbers in the world's row) that deny; empty for an implicit deny and for other verdicts. */
  readonly deciding: readonly number[]
  /** A check of these classes, for the explanation by the whole engine. */
  readonly parts: Parts
  readonly seen: TrailView
}

/** One class for each part, in the order of `PARTS`. */
export type ClassTuple = readonly number[]

/** Decides checks by the bits of their classes. The outcome of a tuple never changes; keep it. */
export function decider(world: World, classes: Classes = classesOf(world)) {
  const { words } = classes
  const yes = new Uint32Array(words)
  const open = new Uint32Array(words)
  const told = new Uint32Array(words)

  /** The first part that tells of an atom decides it, as `entryOf` looks keys up. */
  const combine = (tuple: ClassTuple): void => {
    yes.fill(0)
    open.fill(0)
    told.fill(0)
    for (let p = 0; p < PARTS.length; p++) {
      const bits = classes.bits(PARTS[p] as Part)
      const at = (tuple[p] as number) * 3 * words
      for (let w = 0; w < words; w++) {
        const here = (bits[at + w] as number) & ~(told[w] as number)
        yes[w] = (yes[w] as number) | (here & (bits[at + words + w] as number))
        open[w] = (open[w] as number) | (here & (bits[at + 2 * words + w] as number))
        told[w] = (told[w] as number) | here
      }
    }
  }

  const set = (words: Uint32Array, index: number) => {
    words[index >>> 5] = (words[index >>> 5] as number) | (1 << (index & 31))
  }
  const has = (words: Uint32Array, index: number) => ((words[index >>> 5] as number) >>> (index & 31)) & 1

  const statementTruth = (index: number): Truth => {
    const { from, to } = world.row.statements[index] as { from: number; to: number }
    let truth: Truth = 'yes'
    for (let atom = from; atom < to; atom++) {
      if (has(yes, atom) === 1) continue
      if (has(open, atom) === 0) return 'no'
      truth = 'unknown'
    }
    return truth
  }

  return function decide(tuple: ClassTuple, seen: TrailView): Outcome {
    const parts = partsOf(classes, tuple)
    // Context keys are in the bits already; only joint atoms read them from a request.
    const keys = world.row.joint.length === 0 ? [] : world.row.keys
    const ask = askOf(parts, seen, world.estate, keys, world.iam)
    if (NO_PERMISSION_NEEDED.has(parts.action.toLowerCase()))
      return { verdict: ALLOWED, deciding: [], parts, seen }
    combine(tuple)
    for (const index of world.row.joint) {
      const truth = world.row.atoms[index]?.test(ask.request)
      if (truth === 'yes') set(yes, index)
      if (truth === 'unknown') set(open, index)
    }
    const said = { deny: 'no', allow: 'yes', deciding: [] } as Said
    addLayers(said, ask.set.scps, true, scpApplies(ask.request).applies, world.row, statementTruth)
    addLayers(said, ask.set.rcps, false, rcpApplies(ask.request).applies, world.row, statementTruth)
    const allowed = both(not(said.deny), said.allow)
    const verdict = allowed === 'yes' ? ALLOWED : allowed === 'no' ? DENIED : UNKNOWN
    return { verdict, deciding: said.deny === 'yes' ? said.deciding : [], parts, seen }
  }
}

/** What all levels so far say together. */
interface Said {
  deny: Truth
  allow: Truth
  readonly deciding: number[]
}

function addLayers(
  said: Said,
  levels: readonly PolicyLevel[] | 'unknown',
  mustAllow: boolean,
  applies: Truth,
  row: World['row'],
  statementTruth: (index: number) => Truth,
): void {
  if (applies === 'no') return
  if (levels === 'unknown') {
    said.deny = either(said.deny, 'unknown')
    said.allow = both(said.allow, 'unknown')
    return
  }
  for (const level of levels) {
    const { denies, allows } = statementsOf(level, row)
    let deny: Truth = 'no'
    for (const index of denies) {
      const truth = statementTruth(index)
      if (truth === 'no') continue
      deny = either(deny, truth)
      if (truth === 'yes' && applies === 'yes') said.deciding.push(index)
    }
    said.deny = either(said.deny, both(applies, deny))
    if (!mustAllow) continue
    let allow: Truth = 'no'
    for (let i = 0; i < allows.length && allow !== 'yes'; i++)
      allow = either(allow, statementTruth(allows[i] as number))
    said.allow = both(said.allow, either(not(applies), allow))
  }
}

interface LevelStatements {
  /** The row that numbered them. */
  readonly row: World['row']
  readonly denies: readonly number[]
  readonly allows: readonly number[]
}

const ofLevels = new WeakMap<PolicyLevel, LevelStatements>()

/** Numbers of the statements of a level. */
function statementsOf(level: PolicyLevel, row: World['row']): LevelStatements {
  const known = ofLevels.get(level)
  if (known?.row === row) return known
  const all = level.policies.flatMap((policy) =>
    policy.statements.map(({ effect, index }) => ({
      effect,
      number: (row.baseOf.get(policy) as number) + index,
    })),
  )
  const of = (wanted: string) => all.filter(({ effect }) => effect === wanted).map(({ number }) => number)
  const made = { row, denies: of('Deny'), allows: of('Allow') }
  ofLevels.set(level, made)
  return made
}

function partsOf(classes: Classes, tuple: ClassTuple): Parts {
  const value = <P extends Part>(part: P) => classes.valueOf(part, tuple[PARTS.indexOf(part)] as number)
  return {
    context: value('context'),
    principal: value('principal'),
    network: value('network'),
    resource: value('resource'),
    region: value('region'),
    action: value('action'),
  }
}
