/** Handshakes: inviting accounts (also straight out of another organisation) and enabling all features. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { checkMayLeave, depart } from './closing.ts'
import { constraint, handshakeConstraint, invalidInput } from './errors.ts'
import { publish } from './events.ts'
import { type PageInput, page } from './paging.ts'
import { attachDefaults } from './policy-defaults.ts'
import * as state from './state.ts'
import { asTagMap, type TagInput } from './tags.ts'

type HandshakeState = 'REQUESTED' | 'OPEN' | 'CANCELED' | 'ACCEPTED' | 'DECLINED' | 'EXPIRED'

export interface Handshake {
  readonly id: string
  readonly organizationId: string
  readonly action: 'INVITE' | 'ENABLE_ALL_FEATURES'
  readonly accountId: string
  /** How the account was named, which the account's side sees again. */
  readonly target: { readonly type: 'ACCOUNT' | 'EMAIL'; readonly id: string }
  readonly state: HandshakeState
  readonly notes: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly requestedAt: number
  readonly expiresAt: number
  readonly endedAt?: number
}

const handshakes = (world: World) => world.table<Handshake>('organizations.handshakes')

const DAY = 86_400_000
// Ended handshakes stay in lists for 30 days (API reference, ListHandshakesForAccount).
const VISIBLE_MS = 30 * DAY

function view(world: World, h: Handshake) {
  const organization = state.organizations(world).get(h.organizationId)
  const management = organization && state.accounts(world).get(organization.managementAccountId)
  const folder = h.action === 'INVITE' ? 'invite' : 'enable_all_features'
  return {
    Id: h.id,
    Arn: `arn:aws:organizations::${organization?.managementAccountId ?? h.accountId}:handshake/${h.organizationId}/${folder}/${h.id}`,
    Parties: [
      { Id: h.organizationId.slice(2), Type: 'ORGANIZATION' },
      { Id: h.target.id, Type: h.target.type },
    ],
    State: h.state,
    RequestedTimestamp: h.requestedAt,
    ExpirationTimestamp: h.expiresAt,
    Action: h.action,
    Resources: [
      {
        Type: 'ORGANIZATION',
        Value: h.organizationId,
        Resources: [
          { Type: 'MASTER_EMAIL', Value: management?.email },
          { Type: 'MASTER_NAME', Value: management?.name },
          { Type: 'ORGANIZATION_FEATURE_SET', Value: organization?.featureSet ?? 'ALL' },
        ],
      },
      { Type: h.target.type, Value: h.target.id },
      ...(h.notes === null ? [] : [{ Type: 'NOTES', Value: h.notes }]),
    ],
  }
}

function open(world: World, made: Omit<Handshake, 'id' | 'state' | 'requestedAt' | 'expiresAt'>): Handshake {
  const life = world.duration('organizations.handshake_expiry')
  const handshake: Handshake = {
    ...made,
    id: `h-${world.id(32, '0123456789abcdef')}`,
    state: 'OPEN',
    requestedAt: world.now(),
    expiresAt: world.now() + life,
  }
  handshakes(world).put(handshake.id, handshake)
  world.later(life, 'organizations', 'handshakeExpired', { id: handshake.id })
  return handshake
}

interface InviteInput {
  readonly Target: { readonly Id: string; readonly Type: string }
  readonly Notes?: string
  readonly Tags?: readonly TagInput[]
}

export function inviteAccount(call: Call<InviteInput>) {
  const { world, input } = call
  const organization = state.managed(call)
  const account = invitee(world, input.Target)
  if (account.organizationId === organization.id)
    throw handshakeConstraint(
      'ALREADY_IN_AN_ORGANIZATION',
      'The account that you want to invite is already in your organization.',
    )
  const mine = [...handshakes(world).values()].filter(
    (h) => h.organizationId === organization.id && h.action === 'INVITE',
  )
  if (mine.some((h) => h.accountId === account.id && h.state === 'OPEN'))
    throw new AwsError('DuplicateHandshakeException', 'An invitation to this account is already open.')
  if (
    mine.filter((h) => h.requestedAt > world.now() - DAY).length >=
    world.limit('organizations.invitations_per_day')
  )
    throw handshakeConstraint(
      'HANDSHAKE_RATE_LIMIT_EXCEEDED',
      'You attempted to exceed the number of handshakes that you can send in one day.',
    )
  checkRoom(world, organization)
  const handshake = open(world, {
    organizationId: organization.id,
    action: 'INVITE',
    accountId: account.id,
    target: { type: input.Target.Type === 'EMAIL' ? 'EMAIL' : 'ACCOUNT', id: input.Target.Id },
    notes: input.Notes ?? null,
    tags: asTagMap(world, input.Tags ?? []),
  })
  return { Handshake: view(world, handshake) }
}

function invitee(world: World, { Id, Type }: InviteInput['Target']): state.Account {
  if (Type !== 'ACCOUNT' && Type !== 'EMAIL')
    throw invalidInput(
      'INVALID_PARTY_TYPE_TARGET',
      'You can invite only an account, by its id or its email address.',
    )
  const id = Type === 'ACCOUNT' ? Id : state.emails(world).get(Id.toLowerCase())
  const account = id === undefined ? undefined : state.accounts(world).get(id)
  if (!account || account.state === 'CLOSED')
    throw invalidInput(
      Type === 'EMAIL' ? 'INVALID_EMAIL_ADDRESS_TARGET' : 'INVALID_PATTERN_TARGET_ID',
      'There is no such account.',
    )
  return account
}

function checkRoom(world: World, organization: state.Organization): void {
  let n = 0
  for (const a of state.accounts(world).values())
    if (a.organizationId === organization.id && a.state !== 'CLOSED') n++
  if (n >= world.limit('organizations.accounts'))
    throw handshakeConstraint(
      'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
      'You have exceeded the number of accounts that you can have in an organization.',
    )
}

function find(call: Call<{ HandshakeId: string }>, side: 'organization' | 'account' | 'any'): Handshake {
  const { world, caller, input } = call
  const h = handshakes(world).get(input.HandshakeId)
  const ourOrganization =
    h && state.organizations(world).get(h.organizationId)?.managementAccountId === caller.accountId
  const visible =
    h &&
    ((side !== 'account' && ourOrganization) || (side !== 'organization' && h.accountId === caller.accountId))
  if (!h || !visible)
    throw new AwsError(
      'HandshakeNotFoundException',
      "We can't find a handshake with the HandshakeId that you specified.",
    )
  return h
}

function end(world: World, h: Handshake, to: HandshakeState): Handshake {
  if (h.state === to)
    throw new AwsError(
      'HandshakeAlreadyInStateException',
      `The specified handshake is already in the requested state.`,
    )
  if (h.state !== 'OPEN')
    throw new AwsError(
      'InvalidHandshakeTransitionException',
      `You can't perform the operation on the handshake in its current state.`,
    )
  const ended = { ...h, state: to, endedAt: world.now() }
  handshakes(world).put(h.id, ended)
  return ended
}

export function acceptHandshake(call: Call<{ HandshakeId: string }>) {
  const { world } = call
  const before = find(call, 'any')
  const accepted = end(world, before, 'ACCEPTED')
  const organization = state.organizations(world).get(before.organizationId)
  if (!organization)
    throw new AwsError('HandshakeNotFoundException', 'The organization does not exist any more.')
  if (before.action === 'ENABLE_ALL_FEATURES')
    state.organizations(world).put(organization.id, { ...organization, featureSet: 'ALL' })
  else join(call, organization, before)
  return { Handshake: view(world, accepted) }
}

/** The account changes its organisation in one step, without standing alone in between. */
function join({ world, caller }: Call<unknown>, organization: state.Organization, h: Handshake): void {
  const account = state.accounts(world).get(h.accountId)
  if (!account || caller.accountId !== account.id)
    throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.")
  checkRoom(world, organization)
  const left = state.organizationOfAccount(world, account.id)
  if (left) {
    if (left.id === organization.id)
      throw constraint('ACCOUNT_CANNOT_LEAVE_ORGANIZATION', 'The account is in that organization already.')
    checkMayLeave(world, left, account)
    depart(world, left, account, 'LEFT')
  }
  state.accounts(world).put(account.id, {
    ...account,
    organizationId: organization.id,
    parentId: organization.rootId,
    joinedMethod: 'INVITED',
    joinedAt: world.now(),
  })
  if (Object.keys(h.tags).length > 0) state.tags(world).put(account.id, h.tags)
  attachDefaults(world, organization, account.id)
  publish(world, organization, 'AWS Service Event via CloudTrail', 'AccountJoinedOrganization', {
    serviceEventDetails: {
      accountJoinedOrganization: {
        accountId: account.id,
        joinMethod: 'INVITED',
        organizationId: organization.id,
      },
    },
  })
}

export const declineHandshake = (call: Call<{ HandshakeId: string }>) => ({
  Handshake: view(call.world, end(call.world, find(call, 'account'), 'DECLINED')),
})

export const cancelHandshake = (call: Call<{ HandshakeId: string }>) => ({
  Handshake: view(call.world, end(call.world, find(call, 'organization'), 'CANCELED')),
})

export const describeHandshake = (call: Call<{ HandshakeId: string }>) => ({
  Handshake: view(call.world, find(call, 'any')),
})

interface ListInput extends PageInput {
  readonly Filter?: { readonly ActionType?: string }
}

function listed({ world, input }: Call<ListInput>, fits: (h: Handshake) => boolean) {
  const recent = (h: Handshake) => h.endedAt === undefined || h.endedAt > world.now() - VISIBLE_MS
  const action = input.Filter?.ActionType
  const found = page(
    handshakes(world),
    (h) => fits(h) && recent(h) && (action ?? h.action) === h.action,
    input,
  )
  return { Handshakes: found.items.map((h) => view(world, h)), NextToken: found.next }
}

export const listHandshakesForAccount = (call: Call<ListInput>) =>
  listed(call, (h) => h.accountId === call.caller.accountId)

export function listHandshakesForOrganization(call: Call<ListInput>) {
  const organization = state.readable(call)
  return listed(call, (h) => h.organizationId === organization.id)
}

export function enableAllFeatures(call: Call<unknown>) {
  const { world, caller } = call
  const organization = state.managed(call)
  if (organization.featureSet === 'ALL')
    throw handshakeConstraint(
      'ORGANIZATION_ALREADY_HAS_ALL_FEATURES',
      'The handshake request is invalid because the organization has already enabled all features.',
    )
  const handshake = open(world, {
    organizationId: organization.id,
    action: 'ENABLE_ALL_FEATURES',
    accountId: caller.accountId,
    target: { type: 'ACCOUNT', id: caller.accountId },
    notes: null,
    tags: {},
  })
  return { Handshake: view(world, handshake) }
}

/** Timer. */
export function expire(world: World, { id }: { id: string }): void {
  const h = handshakes(world).get(id)
  if (h?.state === 'OPEN') handshakes(world).put(id, { ...h, state: 'EXPIRED', endedAt: world.now() })
}
