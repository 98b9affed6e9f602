import type { Atom } from '../../policy/compile/atom.ts'
import { type CompiledPolicy, compiledPolicy } from '../../policy/compile/policy.ts'
import type { Policy, Statement } from '../../policy/policies.ts'

/** A statement of the estate with the range of its atoms, which stand one after the other. */
export interface StatementAtoms {
  readonly policy: Policy
  readonly statement: Statement
  readonly from: number
  readonly to: number
}

/** All atoms of an estate in one row, so that a check's truths are rows of bits. */
export interface AtomRow {
  readonly atoms: readonly Atom[]
  readonly statements: readonly StatementAtoms[]
  /** First statement of each policy in `statements`. */
  readonly baseOf: ReadonlyMap<Policy, number>
  /** Context keys that any atom reads, lower case. */
  readonly keys: readonly string[]
  /** Those that atoms of statements on an action read. */
  readonly keysFor: (action: string) => readonly string[]
  /** Keys that an atom reads together with something else: they are kept, not only what they make true. */
  readonly together: readonly string[]
  /** Atoms that read more than one thing. */
  readonly joint: readonly number[]
  /** Whether such an atom reads the ARN of the resource. */
  readonly jointResource: boolean
}

/** Keys whose value takes more than one part of a check (`entryOf` of `policy/trail/requests.ts`). */
const MIXED = new Set(['kms:calleraccount', 'ec2:region'])

export function atomRow(policies: readonly Policy[]): AtomRow {
  const atoms: Atom[] = []
  const statements: StatementAtoms[] = []
  const baseOf = new Map<Policy, number>()
  const readers: CompiledPolicy[] = []
  for (const policy of policies) {
    baseOf.set(policy, statements.length)
    const compiled = compiledPolicy(policy)
    readers.push(compiled)
    for (const { statement, atoms: own } of compiled.statements) {
      statements.push({ policy, statement, from: atoms.length, to: atoms.length + own.length })
      atoms.push(...own)
    }
  }
  const joint = atoms.flatMap(({ inputs }, index) => (isJoint(inputs) ? [index] : []))
  const jointInputs = joint.flatMap((index) => atoms[index]?.inputs ?? [])
  return {
    atoms,
    statements,
    baseOf,
    keys: keysOf(atoms),
    keysFor: remembered((action) =>
      keysOf(readers.flatMap(({ forAction }) => forAction(action).flatMap((one) => one.atoms))),
    ),
    together: [...new Set(jointInputs.filter((input) => input.includes(':')))],
    joint,
    jointResource: jointInputs.includes('resource'),
  }
}

const keysOf = (atoms: readonly Atom[]): readonly string[] => [
  ...new Set(atoms.flatMap(({ inputs }) => inputs.filter((input) => input.includes(':')))),
]

function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const made = make(text)
    known.set(text, made)
    return made
  }
}

const isJoint = (inputs: readonly string[]) => inputs.length > 1 || MIXED.has(inputs[0] ?? '')
