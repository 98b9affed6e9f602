import { rcpApplies, scpApplies } from '../../policy/evaluate/exempt.ts'
import type { PrincipalType, Request } from '../../policy/request.ts'
import { NO_PERMISSION_NEEDED } from '../../policy/rules/rules.ts'
import { entryOf, lookIn } from '../../policy/trail/requests.ts'
import { orgEntry, type Part, type Parts, trailRequestOf } from './check.ts'
import type { World } from './world.ts'

/** What else of a value decides: exemptions, the place in the organisation, and what joint atoms read. */
export function projection(part: Part, parts: Parts, world: World): string {
  const { estate, row } = world
  const kept =
    row.together.length === 0 ? '' : JSON.stringify(row.together.map((key) => told(part, key, parts, world)))
  if (part === 'principal') {
    const { principal } = parts.principal
    const caller = row.joint.length > 0 ? JSON.stringify(principal) : ''
    return `${principal.type} ${linked(principal.type, principal.arn)} ${principal.account === null} ${estate.profileOf(principal.account)} ${caller} ${kept}`
  }
  if (part === 'resource') {
    const { arn, account, assumed } = parts.resource
    return `${account === null} ${arn === '*'} ${estate.profileOf(account)} ${row.joint.length > 0 ? account : ''} ${row.jointResource ? `${arn} ${assumed}` : ''} ${kept}`
  }
  if (part === 'action')
    return `${exemptions(parts.action)} ${row.joint.length > 0 ? parts.action : ''} ${kept}`
  if (part === 'region') return row.joint.length > 0 ? parts.region : ''
  return kept
}

/** What the part tells of a key that an atom reads together with something else. */
function told(part: Part, key: string, parts: Parts, { estate, iam }: World) {
  switch (part) {
    case 'context':
      return lookIn(parts.context, key)
    case 'network':
      return lookIn(parts.network, key)
    case 'action':
      return entryOf(trailRequestOf(parts), key, iam)
    case 'principal':
      return [lookIn(parts.principal.keys, key), orgEntry(key, parts, estate)]
    default:
      return [orgEntry(key, parts, estate)]
  }
}

const linked = (type: PrincipalType, arn: string | null) =>
  type === 'service_linked_role' || arn?.includes(':role/aws-service-role/') === true

/** A record, so that a new type does not compile without its place here. */
const TYPES = Object.keys({
  user: null,
  role: null,
  root: null,
  service_linked_role: null,
  federated_user: null,
  web_identity: null,
  saml: null,
  service: null,
  anonymous: null,
  account: null,
  unknown: null,
} satisfies Record<PrincipalType, null>) as PrincipalType[]

/** Which policies the action is exempt from, for each type of caller. */
function exemptions(action: string): string {
  const requests = TYPES.map(
    (type): Request => ({
      action,
      resource: { arn: '*', account: '111122223333' },
      principal: { type, arn: null, account: '111122223333' },
      context: new Map(),
      unlisted: 'unknown',
    }),
  )
  return `${requests.map((one) => `${scpApplies(one).exempt}${rcpApplies(one).exempt}`).join()} ${NO_PERMISSION_NEEDED.has(action.toLowerCase())}`
}
