/** All services of the sandbox estate. */
import type { ServiceDefinition } from '../core/contract.ts'
import { account } from './account/index.ts'
import { budgets } from './budgets/index.ts'
import { cloudformation } from './cloudformation/index.ts'
import { config } from './config/index.ts'
import { controlcatalog } from './controlcatalog/index.ts'
import { controltower } from './controltower/index.ts'
import { events } from './events/index.ts'
import { iam } from './iam/index.ts'
import { identitystore } from './identitystore/index.ts'
import { organizations } from './organizations/index.ts'
import { s3 } from './s3/index.ts'
import { securityhub } from './securityhub/index.ts'
import { servicecatalog } from './servicecatalog/index.ts'
import { servicequotas } from './servicequotas/index.ts'
import { sqs } from './sqs/index.ts'
import { ssm } from './ssm/index.ts'
import { sso } from './sso/index.ts'
import { stsService } from './sts/index.ts'
import { support } from './support/index.ts'

/** STS needs the real time: sessions end by the clients' clock. */
export const allServices = (realNow: () => number): readonly ServiceDefinition[] => [
  stsService(realNow),
  account,
  budgets,
  cloudformation,
  config,
  controlcatalog,
  controltower,
  events,
  iam,
  identitystore,
  organizations,
  s3,
  securityhub,
  servicecatalog,
  servicequotas,
  sqs,
  ssm,
  sso,
  support,
]
