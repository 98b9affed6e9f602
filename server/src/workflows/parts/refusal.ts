import { correctableOf } from '../../domain/accounts/steps.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { Effect } from '../../ports/workflow.ts'
import type { Work } from '../deps.ts'

type Outcome<T> =
  | { readonly value: T }
  | { readonly refused: { readonly code: string; readonly message: string } }

/**
 * A step whose values AWS or the register may refuse. A refusal is a result of the step and not an error to retry:
 * the work then waits for a person, who is told which fields may be corrected.
 */
export async function refusableStep<T>(work: Work, name: string, effect: Effect<T>): Promise<T> {
  const outcome = await work.ctx.step<Outcome<T>>(name, async (again) => {
    try {
      return { value: await effect(again) }
    } catch (error) {
      if (error instanceof RankanError && error.kind === 'invalid')
        return { refused: { code: error.code, message: error.message } }
      throw error
    }
  })
  if ('value' in outcome) return outcome.value
  return work.ctx.fail(name, { ...outcome.refused, correctable: correctableOf(name) })
}
