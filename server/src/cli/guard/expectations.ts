import path from 'node:path'
import { z } from 'zod'
import { documentOf, readDocument } from '../../guard/document/document.ts'
import { GuardEvaluationError } from '../../guard/document/problem.ts'
import type { GuardValue } from '../../guard/document/value.ts'
import type { Verdict } from '../../guard/guard.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { RuleFileReady } from './compiled.ts'
import type { TextFile } from './files.ts'

const verdict = z.string().transform((text, context): Verdict => {
  const upper = text.toUpperCase()
  if (upper === 'PASS' || upper === 'FAIL' || upper === 'SKIP') return upper
  context.addIssue({ code: 'custom', message: `\`${text}\` is none of PASS, FAIL, SKIP` })
  return z.NEVER
})

const cases = z.array(
  z.object({
    name: z.string().nullish(),
    input: z.custom<GuardValue>(() => true),
    expectations: z.object({ rules: z.record(z.string(), verdict) }),
  }),
)

export interface CaseResult {
  readonly name: string
  readonly passed: readonly { readonly name: string; readonly evaluated: Verdict }[]
  readonly failed: readonly {
    readonly name: string
    readonly expected: Verdict
    readonly evaluated: readonly Verdict[]
  }[]
  /** Rules without an expectation. */
  readonly open: readonly string[]
}

/** Evaluates every case of a file of expectations. */
export function testFile(file: TextFile, rules: RuleFileReady, now: number): readonly CaseResult[] {
  const parsed = cases.safeParse(readDocument(file.text).value)
  if (!parsed.success)
    throw new RankanError(
      'invalid',
      'bad_test_file',
      `\`${file.name}\` is no list of cases with \`input\` and \`expectations.rules\`.`,
      {
        issues: parsed.error.issues.map((issue) => ({
          path: issue.path.map((p) => (typeof p === 'symbol' ? String(p) : p)),
          code: 'bad_test_file',
          message: issue.message,
        })),
      },
    )
  return parsed.data.map((one, i) =>
    testCase(one.name ?? `Test Case #${i + 1}`, one.input, one.expectations.rules, rules, now, file.name),
  )
}

function testCase(
  name: string,
  input: GuardValue,
  expected: Readonly<Record<string, Verdict>>,
  rules: RuleFileReady,
  now: number,
  file: string,
): CaseResult {
  const evaluated = new Map<string, Verdict[]>()
  for (const { rule, verdict: own } of evaluate(rules, input, now, `${file}, ${name}`))
    evaluated.set(rule, [...(evaluated.get(rule) ?? []), own])
  const known = Object.entries(expected).filter(([rule]) => evaluated.has(rule))
  const checked = known.map(([rule, wanted]) => ({
    name: rule,
    expected: wanted,
    evaluated: decisive(evaluated.get(rule) ?? []),
  }))
  const right = (one: (typeof checked)[number]): boolean => one.evaluated.every((own) => own === one.expected)
  return {
    name,
    passed: checked.filter(right).map((one) => ({ name: one.name, evaluated: one.expected })),
    failed: checked.filter((one) => !right(one)),
    open: [...evaluated.keys()].filter((rule) => expected[rule] === undefined),
  }
}

/** Of several rules with one name, those that were skipped do not count, unless all were. */
function decisive(verdicts: readonly Verdict[]): readonly Verdict[] {
  const decided = verdicts.filter((own) => own !== 'SKIP')
  return decided.length === 0 ? ['SKIP'] : decided
}

function evaluate(
  rules: RuleFileReady,
  input: GuardValue,
  now: number,
  where: string,
): readonly { rule: string; verdict: Verdict }[] {
  try {
    return rules.rules?.evaluate(documentOf(input), { now }) ?? []
  } catch (error) {
    if (error instanceof GuardEvaluationError)
      throw new RankanError('invalid', error.code, `${where}: ${error.message}`)
    throw error
  }
}

/** The files of expectations that belong to a rule file: in `tests` beside it, with its name in front. */
export const belongsTo = (test: string, ruleFile: string): boolean =>
  path.dirname(test) === path.join(path.dirname(ruleFile), 'tests') &&
  path.basename(test).startsWith(path.basename(ruleFile).replace(/\.(guard|ruleset)$/, ''))
