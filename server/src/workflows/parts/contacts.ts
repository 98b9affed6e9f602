import { estateOf, type Work } from '../deps.ts'
import { refusableStep } from './refusal.ts'

const TYPES = ['SECURITY', 'OPERATIONS', 'BILLING'] as const

/** One step for each kind of contact, so that one that AWS refuses is named. */
export async function putContacts(work: Work, accountId: string): Promise<void> {
  for (const type of TYPES)
    await refusableStep(work, `contact:${type}`, async () => {
      const { contacts } = await work.order()
      for (const contact of contacts.filter((one) => one.type === type))
        await estateOf(work).contacts.put(accountId, contact)
      return null
    })
}
