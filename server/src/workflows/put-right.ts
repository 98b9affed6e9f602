import { bug, conflict } from '../kernel/errors.ts'
import type { DriftCase } from '../ports/accounts.ts'
import type { Estate } from '../ports/estate.ts'

/**
 * Puts AWS back to what the register holds, after a person decided so. Refuses when the world moved on since the
 * finding: the person decided about what they saw.
 */
export async function putRight(
  estate: Estate,
  drift: DriftCase,
  action: 'move_back' | 'rename_back',
): Promise<void> {
  const { expected, accountId } = drift
  if (expected === null) throw bug(`Drift \`${drift.id}\` does not say what is expected.`)
  const account = await estate.organization.account(accountId)
  if (account?.state !== 'ACTIVE')
    throw conflict(
      'account_not_active',
      `The account \`${accountId}\` is ${account?.state ?? 'gone'} and cannot be put right. Run a sweep and decide again.`,
    )
  if (action === 'move_back') await estate.organization.move(accountId, expected)
  else await estate.contacts.rename(accountId, expected)
}
