import type { GuardDocument } from './document/document.ts'
import { GuardEvaluationError } from './document/problem.ts'
import { compileFileLets, compileRule } from './evaluate/clauses.ts'
import type { Failure, Recorder } from './evaluate/record.ts'
import { FAIL, root, type Status } from './evaluate/result.ts'
import { type CompiledRule, type Run, Scope } from './evaluate/scope.ts'
import { GUARD_LIMITS, type GuardLimits } from './limits.ts'
import { parseRules } from './parse/file.ts'

export type Verdict = 'PASS' | 'FAIL' | 'SKIP'

export interface RuleVerdict {
  readonly rule: string
  readonly verdict: Verdict
  /** What failed, when failures were asked for. */
  readonly failures: readonly Failure[]
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
}

const VERDICTS: Readonly<Record<Status, Verdict>> = ['PASS', 'FAIL', 'SKIP'] as const

/**
 * Compiles a rule file; null when it holds nothing but comments.
 *
 * @throws {GuardSyntaxError} with line, column and a hint
 */
export function compileRules(text: string): CompiledRules | null {
  const file = parseRules(text)
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
  ): Scope => {
    const run: Run = {
      limits: options.limits ?? GUARD_LIMITS,
      rules: byName,
      parameterised,
      statuses: null,
      now: options.now ?? 0,
      recorder,
      steps: 0,
      calls: 0,
    }
    return new Scope(run, null, root(value), lets)
  }

  return {
    text,
    names: rules.map((rule) => rule.name),
    evaluate(document, options = {}) {
      const recorder: Recorder = { failures: [] }
      const scope = start(document.value, recorder, options)
      return rules.map((rule) => {
        recorder.failures = []
        const status = bounded(rule, scope)
        return {
          rule: rule.name,
          verdict: VERDICTS[status],
          failures: status === FAIL ? recorder.failures : [],
        }
      })
    },
    verdicts(value, options = {}) {
      const scope = start(value, null, options)
      return rules.map((rule) => VERDICTS[bounded(rule, scope)])
    },
  }
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

/** The verdict on a whole file: one failure fails it, and it passes when something passed. */
export const overall = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('FAIL') ? 'FAIL' : verdicts.includes('PASS') ? 'PASS' : 'SKIP'
