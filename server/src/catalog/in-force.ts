import { invariant } from '../kernel/errors.ts'
import { groupBy } from '../kernel/group.ts'
import { evaluateJson } from '../policy/exchange/evaluate.ts'
import type { Control } from './record.ts'
import type { FormInForce } from './view.ts'

/** A root, OU or account and what is attached there; a document is JSON text or its value. */
export interface LevelInForce {
  readonly target: string
  readonly policies: readonly { readonly name: string; readonly document: unknown }[]
}

export interface PoliciesInForce {
  /** Root first. Empty: the type is switched off, and binds nobody. */
  readonly scps: readonly LevelInForce[]
  readonly rcps: readonly LevelInForce[]
}

const KINDS = ['scp', 'rcp'] as const

/** Every identity may do everything, so that the policies in force alone decide. */
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const EVERYBODY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}

/**
 * Asks the policies in force the calls that the control's SCP and RCP deny. A policy that somebody wrote by hand counts
 * as much as one that Rankan applied: what matters is whether the call is denied.
 */
export function formsInForce(control: Control, inForce: PoliciesInForce): readonly FormInForce[] {
  return KINDS.flatMap((kind) => {
    const requests = control.cases.flatMap((one) =>
      one.form === kind && one.expect === 'denied' ? [one.request] : [],
    )
    return requests.length === 0 ? [] : [askAll(kind, requests, inForce)]
  })
}

/** As `formsInForce` for many controls at once: the policies are read once for all their calls. */
export function libraryInForce(
  library: readonly Control[],
  inForce: PoliciesInForce,
): readonly { readonly control: string; readonly forms: readonly FormInForce[] }[] {
  const asked = library.flatMap(({ record, cases }) =>
    cases.flatMap((one) =>
      (one.form === 'scp' || one.form === 'rcp') && one.expect === 'denied'
        ? [{ control: record.id, kind: one.form, request: one.request }]
        : [],
    ),
  )
  const forms = KINDS.flatMap((kind) => {
    const mine = asked.filter((one) => one.kind === kind)
    const answers = answersTo(
      kind,
      mine.map(({ request }) => request),
      inForce,
    )
    return [
      ...groupBy(
        mine.map((one, i) => ({ ...one, answer: answers[i] })),
        ({ control }) => control,
      ),
    ].map(([control, found]) => ({
      control,
      form: formOf(
        kind,
        found.map(({ answer }) => answer),
      ),
    }))
  })
  return [...groupBy(forms, ({ control }) => control)].map(([control, found]) => ({
    control,
    forms: found.map(({ form }) => form),
  }))
}

const askAll = (kind: 'scp' | 'rcp', requests: readonly unknown[], inForce: PoliciesInForce): FormInForce =>
  formOf(kind, answersTo(kind, requests, inForce))

/** One answer for each request; undefined where the type is switched off. */
function answersTo(
  kind: 'scp' | 'rcp',
  requests: readonly unknown[],
  inForce: PoliciesInForce,
): readonly (Answer | undefined)[] {
  const levels = kind === 'scp' ? inForce.scps : inForce.rcps
  if (levels.length === 0 || requests.length === 0) return requests.map(() => undefined)
  const policies = {
    identity: EVERYTHING,
    resource: EVERYBODY,
    ...(kind === 'scp' ? { scps: levels } : { rcps: levels }),
  }
  const answers = evaluateJson(requests, policies, { explain: false }) as readonly Answer[]
  invariant(answers.length === requests.length, 'The engine answers every request.')
  return answers
}

function formOf(kind: 'scp' | 'rcp', answers: readonly (Answer | undefined)[]): FormInForce {
  const denied = answers.flatMap((answer) => (answer?.verdict === 'denied' ? [answer] : []))
  const names = denied.flatMap(({ deciding }) => (deciding ?? []).map(({ policy }) => policy))
  return { kind, tried: answers.length, denied: denied.length, policies: [...new Set(names)].sort() }
}

interface Answer {
  readonly verdict?: string
  readonly deciding?: readonly { readonly policy: string }[]
}
