import type { Call, World } from '../../core/contract.ts'
import { accounts, emails } from '../organizations/state.ts'
import { badRequest, conflict, notFound, targetOf } from './target.ts'

interface Update {
  readonly accountId: string
  readonly email: string
  readonly status: 'PENDING' | 'ACCEPTED' | 'COMPLETED' | 'FAILED'
  readonly updatedAt: number
}

/** Key: account. */
const updatesOf = (world: World) => world.table<Update>('account.email_updates')

/** AWS mails a code to the new address; here it is the last six digits of the account id. */
const otpOf = (accountId: string) => accountId.slice(-6)

type OnAccount = Call<{ AccountId: string }>

export const getPrimaryEmail = (call: OnAccount) => ({ PrimaryEmail: targetOf(call).email })

export function startPrimaryEmailUpdate(call: Call<{ AccountId: string; PrimaryEmail: string }>) {
  const { world, input } = call
  const { id } = targetOf(call)
  refuseUsed(world, input.PrimaryEmail)
  if (updatesOf(world).get(id)?.status === 'ACCEPTED')
    throw conflict('An update of the primary email is in progress.')
  updatesOf(world).put(id, {
    accountId: id,
    email: input.PrimaryEmail,
    status: 'PENDING',
    updatedAt: world.now(),
  })
  return { Status: 'PENDING' }
}

function refuseUsed(world: World, email: string): void {
  if (emails(world).has(email.toLowerCase())) throw conflict('The email address is already in use.')
}

export function acceptPrimaryEmailUpdate(
  call: Call<{ AccountId: string; PrimaryEmail: string; Otp: string }>,
) {
  const { world, input } = call
  const { id } = targetOf(call)
  const update = updatesOf(world).get(id)
  if (update?.status !== 'PENDING') throw notFound('No update of the primary email is pending.')
  if (update.email !== input.PrimaryEmail || input.Otp !== otpOf(id))
    throw badRequest('The one-time password or the email is wrong.')
  refuseUsed(world, update.email)
  updatesOf(world).put(id, { ...update, status: 'ACCEPTED', updatedAt: world.now() })
  world.later(world.duration('account.primary_email'), 'account', 'email_done', { accountId: id })
  return { Status: 'ACCEPTED' }
}

/** Timer: the new address takes effect, unless someone took it meanwhile. */
export function emailDone(world: World, { accountId }: { accountId: string }): void {
  const update = updatesOf(world).get(accountId)
  const account = accounts(world).get(accountId)
  if (!update || !account) return
  const taken = emails(world).has(update.email.toLowerCase())
  updatesOf(world).put(accountId, {
    ...update,
    status: taken ? 'FAILED' : 'COMPLETED',
    updatedAt: world.now(),
  })
  if (taken) return
  accounts(world).put(accountId, { ...account, email: update.email })
  emails(world).put(update.email.toLowerCase(), accountId)
}

export function getPrimaryEmailUpdateStatus(call: OnAccount) {
  const update = updatesOf(call.world).get(targetOf(call).id)
  if (!update) throw notFound('No update of the primary email is known.')
  return { Status: update.status, UpdatedAt: update.updatedAt }
}
