import { GuardEvaluationError } from '../document/problem.ts'
import type { Unknown } from '../document/value.ts'
import type { GuardLimits } from '../limits.ts'
import type { Recorder } from './record.ts'
import { type Doubt, type Found, literal, type Result, type Status } from './result.ts'
import type { Tracer } from './trace.ts'

/** What the variables of a block stand for; literals are made once. */
export type Lets = ReadonlyMap<string, CompiledLet>
export type CompiledLet =
  | { readonly kind: 'literal'; readonly results: readonly Result[] }
  | { readonly kind: 'lazy'; readonly resolve: (scope: Scope) => readonly Result[] }

/** A rule ready to run; filled in after all rules are known, because rules may name each other. */
export interface CompiledRule {
  readonly name: string
  readonly parameters: readonly string[] | null
  run(scope: Scope): Status
}

/** One evaluation of a rule file on a document. */
export interface Run {
  readonly limits: GuardLimits
  readonly rules: ReadonlyMap<string, readonly CompiledRule[]>
  readonly parameterised: ReadonlyMap<string, CompiledRule>
  /** Of rules that others name, once they are known. */
  statuses: Map<string, Status> | null
  /** Seconds since 1970, for `now()`. */
  readonly now: number
  /** Null: only verdicts are wanted. */
  recorder: Recorder | null
  /** Null: nobody asked how it came to its verdicts. */
  readonly tracer: Tracer | null
  /** Unknown values that filters, conditions and variables met; null: only verdicts are wanted. */
  readonly doubts: Doubt[] | null
  steps: number
  calls: number
}

/** Where names are looked up and queries start. Blocks add variables, values a new root, calls their parameters. */
export class Scope {
  readonly run: Run
  readonly parent: Scope | null
  readonly root: Found
  readonly lets: Lets | null
  values: Map<string, readonly Result[]> | null
  constructor(run: Run, parent: Scope | null, root: Found, lets: Lets | null) {
    this.run = run
    this.parent = parent
    this.root = root
    this.lets = lets
    this.values = null
  }
}

/** Remembers an unknown value that a clause or a query met. */
export function doubt({ recorder, doubts }: Run, at: Found, unknown: Unknown): void {
  ;(recorder?.doubts ?? doubts)?.push({ at, unknown })
}

export function spend(run: Run, steps: number): void {
  run.steps += steps
  if (run.steps > run.limits.steps)
    throw new GuardEvaluationError(
      'too_many_steps',
      `The rules need more than ${run.limits.steps} steps on this document.`,
    )
}

/** @throws {GuardEvaluationError} when no scope knows the name */
export function resolveVariable(from: Scope, name: string): readonly Result[] {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const own = scope.lets?.get(name)
    if (own?.kind === 'literal') return own.results
    const known = scope.values?.get(name)
    if (known !== undefined) return known === PENDING ? circular(name) : known
    if (own !== undefined) {
      remember(scope, name, PENDING)
      return remember(scope, name, own.resolve(scope))
    }
  }
  throw new GuardEvaluationError('unknown_variable', `There is no variable \`%${name}\` here.`)
}

/** Stands for a variable that is being worked out. */
const PENDING: readonly Result[] = []

function circular(name: string): never {
  throw new GuardEvaluationError('circular_variable', `\`%${name}\` is made of itself.`)
}

function remember(scope: Scope, name: string, results: readonly Result[]): readonly Result[] {
  scope.values ??= new Map()
  scope.values.set(name, results)
  return results
}

/** A name that a filter gives to the keys it goes through belongs to the whole file. */
export function captureKey(from: Scope, name: string, key: Found): void {
  let scope = from
  while (scope.parent !== null) scope = scope.parent
  scope.values ??= new Map()
  scope.values.set(name, [...(scope.values.get(name) ?? []), key])
}

export const literals = (value: Parameters<typeof literal>[0]): readonly Result[] => [literal(value)]
