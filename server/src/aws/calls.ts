import type {
  FinalizeHandler,
  HandlerExecutionContext,
  InitializeHandlerArguments,
  MiddlewareStack,
} from '@smithy/types'
import { RankanError } from '../kernel/errors.ts'
import { translateAwsError } from './errors.ts'
import { iamActionOf } from './iam.ts'

/** One call to AWS, as an observer (metrics, the permission test) sees it. */
export interface AwsCall {
  readonly client: string
  readonly command: string
  /** The IAM action that AWS checks for it, e.g. `budgets:ModifyBudget` for `UpdateBudget`. */
  readonly iamAction: string
}

export interface CallHooks {
  readonly onCall?: (call: AwsCall) => void
  /** Drops the session, so that the next call assumes the role again. */
  readonly forgetSession?: () => void
}

const SESSION_ENDED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'])

/**
 * Puts one middleware around every call of a client: it reports the call, turns what AWS answers into `RankanError`,
 * and signs once more with a new session when AWS says that ours has ended (its clock decides, not ours).
 */
export function instrument<I extends object, O extends object>(
  client: { readonly middlewareStack: MiddlewareStack<I, O> },
  hooks: CallHooks,
): void {
  // It copies every input and output for a log that nobody reads; what happened is told by our own hooks.
  client.middlewareStack.remove('loggerMiddleware')
  client.middlewareStack.add(
    (next, context) => async (args: InitializeHandlerArguments<I>) => {
      const call = callOf(context)
      hooks.onCall?.(call)
      try {
        return await next(args)
      } catch (error) {
        const known = translateAwsError(error, call)
        if (!(known instanceof RankanError && SESSION_ENDED.has(known.code)) || !hooks.forgetSession)
          throw known
        hooks.forgetSession()
      }
      try {
        return await next(args)
      } catch (error) {
        throw translateAwsError(error, call)
      }
    },
    { step: 'initialize', priority: 'high', name: 'rankanCalls' },
  )
}

/**
 * Waits for its turn before each attempt, so that a call which the SDK sends again counts twice, as it does at AWS.
 * For services whose ceiling all workers share.
 */
export function inTurn<I extends object, O extends object>(
  client: { readonly middlewareStack: MiddlewareStack<I, O> },
  turn: () => Promise<void>,
): void {
  // Within the retries, and before the signature: a signature that waited too long is refused.
  client.middlewareStack.addRelativeTo(
    (next: FinalizeHandler<I, O>): FinalizeHandler<I, O> =>
      async (args) => {
        await turn()
        return next(args)
      },
    { relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'rankanTurn' },
  )
}

function callOf(context: HandlerExecutionContext): AwsCall {
  const client = context.clientName ?? ''
  const command = (context.commandName ?? '').replace(/Command$/, '')
  return { client, command, iamAction: iamActionOf(client, command) }
}
