import { invariant } from '../kernel/errors.ts'
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

function askAll(kind: 'scp' | 'rcp', requests: readonly unknown[], inForce: PoliciesInForce): FormInForce {
  const levels = kind === 'scp' ? inForce.scps : inForce.rcps
  if (levels.length === 0) return { kind, tried: requests.length, denied: 0, policies: [] }
  const policies = {
    identity: EVERYTHING,
    resource: EVERYBODY,
    ...(kind === 'scp' ? { scps: levels } : { rcps: levels }),
  }
  const answers = evaluateJson(requests, policies, { explain: false }) as readonly Answer[]
  invariant(answers.length === requests.length, 'The engine answers every request.')
  const denied = answers.filter(({ verdict }) => verdict === 'denied')
  const names = denied.flatMap(({ deciding }) => (deciding ?? []).map(({ policy }) => policy))
  return { kind, tried: requests.length, denied: denied.length, policies: [...new Set(names)].sort() }
}

interface Answer {
  readonly verdict?: string
  readonly deciding?: readonly { readonly policy: string }[]
}
