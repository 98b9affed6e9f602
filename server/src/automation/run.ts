import type { Issue } from '../kernel/errors.ts'
import { canonicalJson } from '../kernel/json.ts'
import { chosen } from './choose.ts'
import type { AutomationDocument, CallStep, Choice, Step, StepOutput } from './document.ts'
import { AUTOMATION_LIMITS } from './limits.ts'
import { type ParameterValues, parameterValues } from './parameters.ts'
import { apiName } from './permissions.ts'
import { parseSelector, select } from './selector.ts'
import { fillReferences, referencesIn } from './template.ts'

/** What a run asks of the world. */
export type Effect =
  | { readonly kind: 'call'; readonly service: string; readonly api: string; readonly input: ParameterValues }
  | { readonly kind: 'sleep'; readonly seconds: number }
/** What the world answers: the reply of the API, or the code of its error. A sleep is answered with an empty reply. */
export type Answer = { readonly reply: unknown } | { readonly error: string }

export interface StepRun {
  readonly step: string
  readonly status: 'Success' | 'Failed'
  /** Why it failed. */
  readonly reason: string | null
}

export interface AutomationRun {
  readonly status: 'Success' | 'Failed'
  readonly steps: readonly StepRun[]
  /** By `step.Name`. */
  readonly outputs: ParameterValues
  /** Why it did not start. */
  readonly issues: readonly Issue[]
}

/**
 * Runs a document as Systems Manager does, step by step; the caller answers each effect, so that the same run can be
 * played with given replies, in a sandbox or against AWS. `globals` are the values of AWS (`global:REGION`).
 */
export function* automationRun(
  document: AutomationDocument,
  given: ParameterValues,
  globals: ParameterValues = {},
): Generator<Effect, AutomationRun, Answer> {
  const { values, issues } = parameterValues(document, given)
  if (issues.length > 0) return { status: 'Failed', steps: [], outputs: {}, issues }
  const steps: StepRun[] = []
  const outputs: Record<string, unknown> = {}
  let failed = false
  for (let at = document.mainSteps[0]?.name; at !== undefined; ) {
    const index = document.mainSteps.findIndex(({ name }) => name === at)
    const step = document.mainSteps[index]
    if (step === undefined || steps.length >= AUTOMATION_LIMITS.steps) {
      failed = true
      break
    }
    const known = { ...globals, ...values, ...outputs }
    const done = yield* stepRun(step, (reference) =>
      Object.hasOwn(known, reference) ? known[reference] : undefined,
    )
    Object.assign(outputs, done.outputs)
    steps.push({ step: step.name, status: done.reason === null ? 'Success' : 'Failed', reason: done.reason })
    if (done.reason !== null && step.isCritical !== false) failed = true
    if (done.reason !== null && (step.onFailure ?? 'Abort') === 'Abort') break
    at = nextStep(step, done, document.mainSteps[index + 1]?.name)
  }
  return { status: failed ? 'Failed' : 'Success', steps, outputs, issues: [] }
}

interface Done {
  readonly outputs: ParameterValues
  readonly reason: string | null
  /** Of a branch. */
  readonly next?: string
}
const succeeded: Done = { outputs: {}, reason: null }
const failure = (reason: string): Done => ({ outputs: {}, reason })

function nextStep(step: Step, done: Done, below: string | undefined): string | undefined {
  if (done.reason !== null && step.onFailure?.startsWith('step:')) return step.onFailure.slice('step:'.length)
  if (done.next !== undefined) return done.next
  return step.isEnd === true ? undefined : (step.nextStep ?? below)
}

function* stepRun(step: Step, resolve: (reference: string) => unknown): Generator<Effect, Done, Answer> {
  const empty = referencesIn(step.inputs).find(({ reference }) => resolve(reference) === undefined)
  if (empty !== undefined)
    return failure(`\`${empty.reference}\` has no value, since its step failed or did not run.`)
  switch (step.action) {
    case 'aws:sleep':
      yield { kind: 'sleep', seconds: secondsOf(step.inputs.Duration) }
      return succeeded
    case 'aws:branch':
      return branchOf(fillReferences(step.inputs.Choices, resolve) as readonly Choice[], step.inputs.Default)
    default:
      return yield* callRun(step, fillReferences(step.inputs, resolve) as CallStep['inputs'])
  }
}

function branchOf(choices: readonly Choice[], otherwise: string | undefined): Done {
  const next = chosen(choices) ?? otherwise
  return next === undefined ? failure('No choice holds, and there is no `Default`.') : { ...succeeded, next }
}

export function secondsOf(duration: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration) ?? []
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

function* callRun(step: CallStep, inputs: CallStep['inputs']): Generator<Effect, Done, Answer> {
  const polls = step.action === 'aws:waitForAwsResourceProperty' ? AUTOMATION_LIMITS.polls : 1
  let done = failure('It was not tried.')
  for (let poll = 0; poll < polls; poll++) {
    if (poll > 0) yield { kind: 'sleep', seconds: AUTOMATION_LIMITS.pollSeconds }
    for (let attempt = 0; attempt < (step.maxAttempts ?? 1); attempt++) {
      const answer = yield callOf(inputs)
      if ('error' in answer) {
        done = failure(`${inputs.Service} ${apiName(inputs.Api)} answered \`${answer.error}\`.`)
        continue
      }
      done =
        step.action === 'aws:executeAwsApi'
          ? outputsOf(step.name, step.outputs ?? [], answer.reply)
          : compare(inputs, answer.reply)
      if (done.reason === null) return done
      break
    }
  }
  return done
}

const OWN = ['Service', 'Api', 'PropertySelector', 'DesiredValues']

const callOf = (inputs: CallStep['inputs']): Effect => ({
  kind: 'call',
  service: inputs.Service,
  api: apiName(inputs.Api),
  input: Object.fromEntries(Object.entries(inputs).filter(([key]) => !OWN.includes(key))),
})

function outputsOf(step: string, wanted: readonly StepOutput[], reply: unknown): Done {
  const found = wanted.map(({ Name, Selector }) => ({
    Name,
    Selector,
    value: select(reply, parseSelector(Selector) ?? []),
  }))
  const missing = found.find(({ value }) => value === undefined)
  if (missing !== undefined) return failure(`The reply has nothing at \`${missing.Selector}\`.`)
  return {
    outputs: Object.fromEntries(found.map(({ Name, value }) => [`${step}.${Name}`, value])),
    reason: null,
  }
}

function compare(inputs: CallStep['inputs'], reply: unknown): Done {
  const selector = String(inputs.PropertySelector)
  const found = select(reply, parseSelector(selector) ?? [])
  const wanted: readonly unknown[] = Array.isArray(inputs.DesiredValues) ? inputs.DesiredValues : []
  return wanted.some((value) => sameText(found, value))
    ? succeeded
    : failure(
        `\`${selector}\` is \`${plain(found)}\`, wanted ${wanted.map((one) => `\`${plain(one)}\``).join(' or ')}.`,
      )
}

/** AWS compares texts, and writes truths as Python does: `True`. */
const sameText = (found: unknown, wanted: unknown): boolean =>
  typeof found === 'boolean' ? String(found) === plain(wanted).toLowerCase() : plain(found) === plain(wanted)

const plain = (value: unknown): string =>
  value === undefined ? 'absent' : typeof value === 'string' ? value : canonicalJson(value)

export type Call = (service: string, api: string, input: ParameterValues) => Answer

/** Values of AWS for a run that is only played. */
const SAMPLE_GLOBALS: ParameterValues = {
  'global:DATE': '2026-01-01',
  'global:DATE_TIME': '2026-01-01_00.00.00',
  'global:REGION': 'ap-northeast-1',
  'global:ACCOUNT_ID': '111122223333',
  'automation:EXECUTION_ID': '00000000-0000-4000-8000-000000000000',
}

/** Plays a run with replies that are there at once; sleeps take no time. */
export function playAutomation(
  document: AutomationDocument,
  given: ParameterValues,
  call: Call,
): AutomationRun {
  const run = automationRun(document, given, SAMPLE_GLOBALS)
  let next = run.next()
  while (next.done !== true) {
    const effect = next.value
    next = run.next(effect.kind === 'sleep' ? { reply: {} } : call(effect.service, effect.api, effect.input))
  }
  return next.value
}
