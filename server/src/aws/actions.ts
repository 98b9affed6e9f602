import { needs as account } from './account/actions.ts'
import { needs as budgets } from './budgets/actions.ts'
import { needs as cloudformation } from './cloudformation/actions.ts'
import { needs as config } from './config/actions.ts'
import { needs as controltower } from './controltower/actions.ts'
import { needs as events } from './events/actions.ts'
import { needs as identitystore } from './identitystore/actions.ts'
import type { Need } from './need.ts'
import { needs as organizations } from './organizations/actions.ts'
import { needs as trailInS3 } from './s3/actions.ts'
import { delegatedNeeds, needs as securityhub } from './securityhub/actions.ts'
import { needs as servicecatalog } from './servicecatalog/actions.ts'
import { needs as servicequotas } from './servicequotas/actions.ts'
import { needs as eventQueue } from './sqs/actions.ts'
import { needs as ssm } from './ssm/actions.ts'
import { needs as sso } from './sso/actions.ts'
import { baseNeeds } from './sts/actions.ts'
import { needs as support } from './support/actions.ts'

/** What each adapter calls, by its folder. A test calls every method and compares. */
export const NEEDS_BY_ADAPTER: Readonly<Record<string, readonly Need[]>> = {
  organizations,
  servicecatalog,
  controltower,
  config,
  cloudformation,
  ssm,
  securityhub,
  sso,
  identitystore,
  account,
  support,
  budgets,
  events,
  servicequotas,
}

/** What a role of the same name calls in the account of Security Hub's delegated administrator. */
export const DELEGATED_NEEDS = delegatedNeeds

/** Every IAM action of Rankan's role in the management account, and of that in a delegated administrator's; all else may be denied. */
export const DECLARED_ACTIONS: readonly string[] = [
  ...new Set([...Object.values(NEEDS_BY_ADAPTER).flat(), ...delegatedNeeds].map((n) => n.action)),
].sort()

/** IAM actions of the credentials that Rankan itself runs with. */
export const BASE_ACTIONS: readonly string[] = baseNeeds.map((n) => n.action)

/** What the command line needs of its own credentials to read a trail; Rankan's role has none of these. */
export const REPLAY_NEEDS: Readonly<Record<string, readonly Need[]>> = { s3: trailInS3, sqs: eventQueue }
export { baseNeeds }
