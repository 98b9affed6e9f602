import type { Issue } from '../kernel/errors.ts'
import { type AutomationDocument, automationDocument, isCallStep, type Step } from './document.ts'
import { valueIssues } from './parameters.ts'
import { compiledPattern } from './pattern.ts'
import { parseSelector } from './selector.ts'
import { referencesIn } from './template.ts'

export interface ParsedAutomation {
  /** Null when it has a fault. */
  readonly document: AutomationDocument | null
  readonly issues: readonly Issue[]
}

const issue = (path: Issue['path'], code: string, message: string): Issue => ({ path, code, message })

/** Reads and checks an SSM Automation document of schema 0.3; every fault with its path. */
export function parseAutomation(value: unknown): ParsedAutomation {
  const parsed = automationDocument.safeParse(value)
  if (!parsed.success)
    return {
      document: null,
      issues: parsed.error.issues.map(({ path, code, message }) =>
        issue(
          path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
          code,
          message,
        ),
      ),
    }
  const issues = [
    ...parameterIssues(parsed.data),
    ...nameIssues(parsed.data),
    ...parsed.data.mainSteps.flatMap((step, i) => stepIssues(parsed.data, step, ['mainSteps', i])),
    ...unreachable(parsed.data),
    ...referenceIssues(parsed.data),
  ]
  return { document: issues.length === 0 ? parsed.data : null, issues }
}

const parameterIssues = ({ parameters }: AutomationDocument): readonly Issue[] =>
  Object.entries(parameters).flatMap(([name, rule]) => [
    ...(rule.allowedPattern === undefined || compiledPattern(rule.allowedPattern) !== null
      ? []
      : [
          issue(
            ['parameters', name, 'allowedPattern'],
            'bad_pattern',
            `\`${rule.allowedPattern}\` is no regular expression.`,
          ),
        ]),
    ...(rule.default === undefined || rule.default === '' ? [] : valueIssues(name, rule, rule.default)),
  ])

const nameIssues = ({ mainSteps }: AutomationDocument): readonly Issue[] =>
  mainSteps.flatMap(({ name }, i) =>
    mainSteps.findIndex((other) => other.name === name) === i
      ? []
      : [issue(['mainSteps', i, 'name'], 'step_twice', `There are two steps \`${name}\`.`)],
  )

/** Where a step may go: by its own words, else to the step below it. */
export function nextOf(step: Step, below: string | undefined): readonly string[] {
  const failed = step.onFailure?.startsWith('step:') ? [step.onFailure.slice('step:'.length)] : []
  if (step.action === 'aws:branch')
    return [
      ...step.inputs.Choices.map(({ NextStep }) => NextStep),
      ...(step.inputs.Default === undefined ? [] : [step.inputs.Default]),
      ...failed,
    ]
  if (step.isEnd === true) return failed
  const next = step.nextStep ?? below
  return next === undefined ? failed : [next, ...failed]
}

function stepIssues(document: AutomationDocument, step: Step, path: Issue['path']): readonly Issue[] {
  const names = new Set(document.mainSteps.map(({ name }) => name))
  const lost = nextOf(step, undefined)
    .filter((next) => !names.has(next))
    .map((next) =>
      issue(path, 'unknown_step', `The step \`${step.name}\` goes to \`${next}\`, which is not there.`),
    )
  const selectors = isCallStep(step)
    ? 'PropertySelector' in step.inputs
      ? [{ at: ['inputs', 'PropertySelector'], text: String(step.inputs.PropertySelector) }]
      : 'outputs' in step
        ? (step.outputs ?? []).map(({ Selector }, i) => ({ at: ['outputs', i, 'Selector'], text: Selector }))
        : []
    : []
  return [
    ...lost,
    ...selectors
      .filter(({ text }) => parseSelector(text) === null)
      .map(({ at, text }) =>
        issue([...path, ...at], 'bad_selector', `\`${text}\` is no selector such as \`$.Name[0].Other\`.`),
      ),
  ]
}

function unreachable({ mainSteps }: AutomationDocument): readonly Issue[] {
  const steps = new Map(mainSteps.map((step, i) => [step.name, nextOf(step, mainSteps[i + 1]?.name)]))
  const reached = new Set<string>()
  const waiting = [mainSteps[0]?.name ?? '']
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (reached.has(at)) continue
    reached.add(at)
    waiting.push(...(steps.get(at) ?? []))
  }
  return mainSteps.flatMap(({ name }, i) =>
    reached.has(name) ? [] : [issue(['mainSteps', i], 'unreachable_step', `No step leads to \`${name}\`.`)],
  )
}

/** Values that AWS itself provides. */
const GLOBALS: readonly string[] = [
  'global:DATE',
  'global:DATE_TIME',
  'global:REGION',
  'global:ACCOUNT_ID',
  'automation:EXECUTION_ID',
]

function referenceIssues(document: AutomationDocument): readonly Issue[] {
  const known = new Set([
    ...Object.keys(document.parameters),
    ...GLOBALS,
    ...document.mainSteps.flatMap((step) =>
      'outputs' in step ? (step.outputs ?? []).map(({ Name }) => `${step.name}.${Name}`) : [],
    ),
  ])
  const { assumeRole, mainSteps, outputs } = document
  const named = (outputs ?? []).map((reference, i) => ({ reference, path: ['outputs', i] }))
  return [...referencesIn({ assumeRole, mainSteps }), ...named]
    .filter(({ reference }) => !known.has(reference))
    .map(({ reference, path }) =>
      issue(path, 'unknown_reference', `\`${reference}\` is no parameter, output of a step or value of AWS.`),
    )
}
