import type { BinaryFailure, Failure } from './record.ts'
import type { Found, Result, Status } from './result.ts'

/**
 * What an evaluation did, step by step, as `cfn-guard validate --verbose` tells it: every block, condition, filter and
 * clause, those that passed too. Made only when somebody asks; the fast way records failures alone.
 */
export interface TraceRecord {
  /** `at` is an offset in the rule text; its line and column stand between the two texts. */
  readonly context: string | { readonly before: string; readonly at: number; readonly after: string }
  readonly step: TraceStep
  readonly children: readonly TraceRecord[]
}

export type TraceStep =
  | { readonly kind: 'rule'; readonly name: string; readonly status: Status; readonly message: string | null }
  | { readonly kind: 'type'; readonly type: string; readonly status: Status }
  | {
      readonly kind: 'rule_condition' | 'type_condition' | 'type_block' | 'filter' | 'when_condition'
      readonly status: Status
    }
  | {
      readonly kind: 'when' | 'any_of' | 'block' | 'clause'
      readonly status: Status
      /** One value that passes is enough. */
      readonly some: boolean
    }
  /** One value that a clause looked at; null: it passed. */
  | { readonly kind: 'value'; readonly failure: Exclude<Failure, { kind: 'rule' | 'any_of' }> | null }

/** The records that are open, the innermost last; the first is never closed. */
export class Tracer {
  readonly #open: { readonly context: TraceRecord['context']; readonly children: TraceRecord[] }[] = [
    { context: '', children: [] },
  ]
  /** The clause that is open found nothing to look at. */
  empty = false

  open(context: TraceRecord['context']): void {
    this.#open.push({ context, children: [] })
  }

  close(step: TraceStep): void {
    const closed = this.#open.pop()
    if (closed !== undefined) this.records.push({ ...closed, step })
  }

  value(context: TraceRecord['context'], failure: Extract<TraceStep, { kind: 'value' }>['failure']): void {
    this.records.push({ context, step: { kind: 'value', failure }, children: [] })
  }

  /** The rule that was evaluated last was called with a message. */
  calledWith(message: string | null): void {
    const last = this.records.pop()
    if (last !== undefined)
      this.records.push(last.step.kind === 'rule' ? { ...last, step: { ...last.step, message } } : last)
  }

  /** The records of the step that is open. */
  get records(): TraceRecord[] {
    return this.#open.at(-1)?.children ?? []
  }
}

/** A check without names of its own. */
type Check<Scope> = (scope: Scope) => Status

interface Traced {
  readonly run: { readonly tracer: Tracer | null }
}

/** The check as a step of the trace, when there is one. */
export function traced<Scope extends Traced>(
  check: Check<Scope>,
  context: TraceRecord['context'],
  step: (status: Status, tracer: Tracer) => TraceStep,
): Check<Scope> {
  return (scope) => {
    const { tracer } = scope.run
    if (tracer === null) return check(scope)
    tracer.open(context)
    const status = check(scope)
    tracer.close(step(status, tracer))
    return status
  }
}

/** What a filter on the names of members says of one of them. */
export function traceKey(
  tracer: Tracer,
  { operator, not }: Pick<BinaryFailure, 'operator' | 'not'>,
  from: Found,
  wanted: readonly Result[],
  pass: boolean,
): void {
  const listed = operator === 'in' || wanted.length > 1
  const failure = {
    kind: 'binary',
    at: 0,
    context: '',
    operator: listed ? 'in' : operator,
    not,
    message: null,
    from,
    to: wanted,
    listed,
    reason: null,
  } as const
  tracer.value('', pass ? null : failure)
}
