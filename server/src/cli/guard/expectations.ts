import path from 'node:path'
import { z } from 'zod'
import { documentOf, type GuardDocument, readTests } from '../../guard/document/document.ts'
import { GuardEvaluationError, GuardSyntaxError } from '../../guard/document/problem.ts'
import type { GuardValue } from '../../guard/document/value.ts'
import type { RuleVerdict, Verdict } from '../../guard/guard.ts'
import type { FileTrace } from '../../guard/report/trace.ts'
import { RankanError } from '../../kernel/errors.ts'
import { type RuleFileReady, syntaxLine } from './compiled.ts'
import type { TextFile } from './files.ts'

const verdict = z.string().transform((text, context): Verdict => {
  const upper = text.toUpperCase()
  if (upper === 'PASS' || upper === 'FAIL' || upper === 'SKIP') return upper
  context.addIssue({ code: 'custom', message: `\`${text}\` is none of PASS, FAIL, SKIP` })
  return z.NEVER
})

const cases = z.array(
  z.object({
    name: z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]).nullish(),
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
  /** How the rules came to their verdicts; made when it is asked for. */
  readonly trace: () => FileTrace
}

interface Case {
  readonly file: string
  readonly name: string
  readonly input: GuardValue
  readonly expected: Readonly<Record<string, Verdict>>
}

/** The cases in a file of expectations. @throws {RankanError} when it is none */
export function readCases(file: TextFile): readonly Case[] {
  const parsed = cases.safeParse(readInputs(file))
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
  return parsed.data.map(({ name, input, expectations }) => ({
    file: file.name,
    name: name ?? '',
    input,
    expected: expectations.rules,
  }))
}

function readInputs({ name, text }: TextFile): GuardValue {
  try {
    return readTests(text).value
  } catch (error) {
    if (!(error instanceof GuardSyntaxError)) throw error
    throw new RankanError('invalid', error.code, syntaxLine(name, error))
  }
}

export function testCase(
  { file, name, input, expected }: Case,
  rules: RuleFileReady,
  now: number,
): CaseResult {
  const document = documentOf(input)
  const verdicts = evaluate(rules, document, now, `${file}, ${name}`)
  const evaluated = new Map<string, Verdict[]>()
  for (const { rule, verdict: own } of verdicts) evaluated.set(rule, [...(evaluated.get(rule) ?? []), own])
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
    trace: () => ({
      source: { ruleFile: rules.name, ruleText: rules.text, document },
      name: '',
      rules: rules.rules?.trace(document, { now }) ?? [],
    }),
  }
}

/** Of several rules with one name, those that were skipped do not count, unless all were. */
function decisive(verdicts: readonly Verdict[]): readonly Verdict[] {
  const decided = verdicts.filter((own) => own !== 'SKIP')
  return decided.length === 0 ? ['SKIP'] : decided
}

function evaluate(
  rules: RuleFileReady,
  document: GuardDocument,
  now: number,
  where: string,
): readonly RuleVerdict[] {
  try {
    return rules.rules?.evaluate(document, { now }) ?? []
  } catch (error) {
    if (error instanceof GuardEvaluationError)
      throw new RankanError('invalid', error.code, `${where}: ${error.message}`)
    throw error
  }
}

/**
 * The files of expectations that belong to a rule file: in `tests` beside it, with its name in front. Where several
 * rule files fit, cfn-guard gives the file to the first of them alone.
 */
export const belongsTo = (test: string, ruleFile: string): boolean =>
  path.dirname(test) === path.join(path.dirname(ruleFile), 'tests') &&
  path.basename(test).startsWith(path.basename(ruleFile).replace(/\.(guard|ruleset)$/, ''))
