import type { GuardDocument } from './document/document.ts'
import { GuardEvaluationError } from './document/problem.ts'
import { compileFileLets, compileRule } from './evaluate/clauses.ts'
import type { Failure, Recorder } from './evaluate/record.ts'
import { type Doubt, FAIL, root, SKIP, type Status } from './evaluate/result.ts'
import { type CompiledRule, type Run, Scope } from './evaluate/scope.ts'
import { type TraceRecord, Tracer } from './evaluate/trace.ts'
import { GUARD_LIMITS, type GuardLimits } from './limits.ts'
import { parseRules } from './parse/file.ts'

/** UNKNOWN: it would fail for some value of what the document leaves open, and not for others. */
export type Verdict = 'PASS' | 'FAIL' | 'SKIP' | 'UNKNOWN'

export interface RuleVerdict {
  readonly rule: string
  readonly verdict: Verdict
  /** What failed, when failures were asked for. */
  readonly failures: readonly Failure[]
  /** What may fail besides, when failures were asked for, and the values that decide it; always of an UNKNOWN verdict. */
  readonly open: OpenQuestion | null
}

export interface OpenQuestion {
  readonly failures: readonly Failure[]
  readonly doubts: readonly Doubt[]
}

export interface EvaluationOptions {
  readonly limits?: GuardLimits
  /** Seconds since 1970 for the function `now`. */
  readonly now?: number
}

/** A rule file that is compiled once and evaluated on many documents. */
export interface CompiledRules {
  readonly text: string
  readonly names: readonly string[]
  /** Verdict and failures of every rule, in the order of the file. @throws {GuardEvaluationError} */
  evaluate(document: GuardDocument, options?: EvaluationOptions): readonly RuleVerdict[]
  /** Verdicts only; several times faster. @throws {GuardEvaluationError} */
  verdicts(value: GuardDocument['value'], options?: EvaluationOptions): readonly Verdict[]
  /** How every rule came to its verdict; for a document without unknown values. @throws {GuardEvaluationError} */
  trace(document: GuardDocument, options?: EvaluationOptions): readonly TraceRecord[]
}

/** A rule that cannot fail whatever the open values are, and perhaps passes, passes. */
function verdictOf(status: Status): Verdict {
  if ((status & FAIL) === 0) return status === SKIP ? 'SKIP' : 'PASS'
  return status === FAIL ? 'FAIL' : 'UNKNOWN'
}

/**
 * Compiles a rule file; null when it holds nothing but comments. Clauses outside of rules are the rule `default`, for
 * cfn-guard `s3.guard/default` when the file has a name.
 *
 * @throws {GuardSyntaxError} with line, column and a hint
 */
export function compileRules(text: string, fileName = ''): CompiledRules | null {
  const file = parseRules(text, fileName)
  if (file === null) return null
  const rules = file.rules.map(compileRule)
  const lets = compileFileLets(file.lets)
  const byName = new Map<string, CompiledRule[]>()
  for (const rule of rules) byName.set(rule.name, [...(byName.get(rule.name) ?? []), rule])
  const parameterised = new Map(file.parameterised.map((rule) => [rule.name, compileRule(rule)]))

  const start = (
    value: GuardDocument['value'],
    recorder: Recorder | null,
    options: EvaluationOptions,
    tracer: Tracer | null = null,
  ): Scope => {
    const run: Run = {
      limits: options.limits ?? GUARD_LIMITS,
      rules: byName,
      parameterised,
      statuses: null,
      now: options.now ?? 0,
      recorder,
      tracer,
      doubts: recorder === null ? null : [],
      steps: 0,
      calls: 0,
    }
    return new Scope(run, null, root(value), lets)
  }

  return {
    text,
    names: rules.map((rule) => rule.name),
    evaluate(document, options = {}) {
      const scope = start(document.value, { failures: [], possible: [], doubts: [] }, options)
      return rules.map((rule) => judge(rule, scope))
    },
    verdicts(value, options = {}) {
      const scope = start(value, null, options)
      return rules.map((rule) => verdictOf(bounded(rule, scope)))
    },
    trace(document, options = {}) {
      const tracer = new Tracer()
      const scope = start(document.value, null, options, tracer)
      for (const rule of rules) bounded(rule, scope)
      return tracer.records
    },
  }
}

/** Verdict and failures of one rule. */
function judge(rule: CompiledRule, scope: Scope): RuleVerdict {
  const { run } = scope
  const recorder: Recorder = { failures: [], possible: [], doubts: [] }
  run.recorder = recorder
  const before = run.doubts?.length ?? 0
  const verdict = verdictOf(bounded(rule, scope))
  const failures = verdict === 'FAIL' ? recorder.failures : []
  const possible = verdict === 'UNKNOWN' ? [...recorder.failures, ...recorder.possible] : recorder.possible
  if (verdict !== 'UNKNOWN' && (verdict !== 'FAIL' || possible.length === 0))
    return { rule: rule.name, verdict, failures, open: null }
  const own = [...recorder.doubts, ...(run.doubts?.slice(before) ?? [])]
  // What a variable or a named rule met is recorded once, with the rule that asked first.
  const doubts = own.length > 0 ? own : (run.doubts ?? [])
  return { rule: rule.name, verdict, failures, open: { failures: possible, doubts } }
}

/** Rules that call rules and nest blocks may still need more stack than there is. */
function bounded(rule: CompiledRule, scope: Scope): Status {
  try {
    return rule.run(scope)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new GuardEvaluationError(
      'too_deep',
      `The rule \`${rule.name}\` is nested too deeply on this document.`,
    )
  }
}

/** The verdict on a whole file: one failure fails it, else what is open, and it passes when something passed. */
export const overall = (verdicts: readonly Verdict[]): Verdict =>
  WEIGHTY.find((verdict) => verdicts.includes(verdict)) ?? 'SKIP'

const WEIGHTY: readonly Verdict[] = ['FAIL', 'UNKNOWN', 'PASS']
