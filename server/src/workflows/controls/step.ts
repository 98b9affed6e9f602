import type { ControlEffect } from '../../domain/controls/effects.ts'
import { partOf } from '../../domain/controls/effects.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { Begun, ControlPort, ControlsPort, Operation, StepError } from '../../ports/controls.ts'

export interface Waiting {
  /** AWS's time. */
  sleep(ms: number): Promise<void>
  /** The worker stops, or another one has the job: what fails now says nothing of AWS. */
  ended(): boolean
}

export interface Told {
  /** An operation of AWS goes on: remember it before anything else. */
  begun(operation: Operation): Promise<void>
  /** Went wrong and is tried again. */
  trouble(error: StepError): Promise<void>
}

/** Attempts after a throttle, a conflict or an outage, and the pauses between them, in AWS's milliseconds. */
const TRIES = 10
const pauseMs = (tried: number): number => Math.min(60_000, 1_000 * 2 ** tried)
const LOOK_EVERY_MS = 5_000
const LOOKS = 720

export type Outcome =
  | { readonly ok: true; readonly result: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly error: StepError }

/**
 * Does one effect to its end. What AWS is too busy for is tried again; what it refuses is told.
 * @param operation of an earlier execution that died while AWS went on.
 */
export async function carryOut(
  controls: ControlsPort,
  effect: ControlEffect,
  again: boolean,
  operation: Operation | null,
  told: Told,
  waiting: Waiting,
): Promise<Outcome> {
  const port = portOf(controls, effect)
  let known = operation
  for (let tried = 0; ; tried++) {
    try {
      const begun: Begun =
        known === null ? await port.begin(effect, again || tried > 0) : { done: false, operation: known }
      if (begun.done) return { ok: true, result: begun.result }
      if (known === null) await told.begun(begun.operation)
      known = begun.operation
      return await ended(port, known, waiting)
    } catch (error) {
      if (waiting.ended() || (error instanceof RankanError && error.code === 'job_lost')) throw error
      const failure = wordsOf(error)
      if (!mayPass(error) || tried >= TRIES) return { ok: false, error: failure }
      await told.trouble(failure)
      await waiting.sleep(Math.max(error.retryAfterMs ?? 0, pauseMs(tried)))
    }
  }
}

const mayPass = (error: unknown): error is RankanError =>
  error instanceof RankanError && ['throttled', 'conflict', 'unavailable'].includes(error.kind)

const wordsOf = (error: unknown): StepError =>
  error instanceof RankanError
    ? { code: error.code, message: error.message }
    : { code: 'bug', message: error instanceof Error ? error.message : String(error) }

async function ended(
  port: ControlPort<unknown, ControlEffect>,
  operation: Operation,
  waiting: Waiting,
): Promise<Outcome> {
  for (let look = 0; look < LOOKS; look++) {
    const now = await port.look(operation)
    if (now.state === 'succeeded') return { ok: true, result: now.result }
    if (now.state === 'failed') return { ok: false, error: { code: now.code, message: now.message } }
    await waiting.sleep(LOOK_EVERY_MS)
  }
  const minutes = Math.round((LOOKS * LOOK_EVERY_MS) / 60_000)
  const message = `AWS did not finish within ${minutes} minutes. Look at the operation in AWS, then retry or give up.`
  return { ok: false, error: { code: 'timed_out', message } }
}

/** `partOf` says to which part the effect belongs, so the part takes it. */
function portOf(controls: ControlsPort, effect: ControlEffect): ControlPort<unknown, ControlEffect> {
  const port = controls[partOf(effect)]
  if (port !== null) return port as ControlPort<unknown, ControlEffect>
  throw new RankanError(
    'invalid',
    'part_not_here',
    `This installation cannot do \`${effect.do}\` in this AWS organisation.`,
  )
}
