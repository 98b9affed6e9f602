/** All services of the sandbox estate. */
import type { ServiceDefinition } from '../core/contract.ts'
import { events } from './events/index.ts'
import { iam } from './iam/index.ts'
import { organizations } from './organizations/index.ts'
import { sqs } from './sqs/index.ts'
import { stsService } from './sts/index.ts'

export const allServices = (realNow: () => number): readonly ServiceDefinition[] => [
  stsService(realNow),
  iam,
  organizations,
  events,
  sqs,
]
