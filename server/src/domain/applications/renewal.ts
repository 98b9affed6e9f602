import { z } from 'zod'

/** An exception goes on until another day. `expiresOn` is the first day without it. */
export const renewalForm = z.object({
  reason: z.string().trim().min(1).max(1000),
  expiresOn: z.iso.date(),
})
export type RenewalForm = z.infer<typeof renewalForm>
