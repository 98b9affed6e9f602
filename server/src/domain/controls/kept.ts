import { z } from 'zod'
import { type Carrier, carrier, plannedPolicy } from './plans.ts'

export type { Carrier }

/** A policy of ours that ought to be in force, with its controls by statement. */
export const keptPolicy = plannedPolicy
  .pick({ kind: true, name: true, document: true, controls: true, statements: true })
  .extend({ target: z.string() })
export type KeptPolicy = z.infer<typeof keptPolicy>

export const keptCarrier = carrier.extend({ target: z.string() })
export type KeptCarrier = z.infer<typeof keptCarrier>
