import { AwsError, type Call, type World } from '../../core/contract.ts'
import { organizationOfAccount } from '../organizations/state.ts'
import { pageOf } from '../shared/paging.ts'

interface Communication {
  readonly body: string
  readonly submittedBy: string
  readonly at: number
}

interface SupportCase {
  readonly id: string
  readonly displayId: string
  readonly accountId: string
  readonly subject: string
  readonly status: string
  readonly serviceCode: string
  readonly categoryCode: string
  readonly severityCode: string
  readonly submittedBy: string
  readonly createdAt: number
  readonly ccEmailAddresses: readonly string[]
  readonly language: string
  readonly communications: readonly Communication[]
}

const casesOf = (world: World) => world.table<SupportCase>('support.cases')
/** Account → plan; a management account has Enterprise Support, others Basic until a case changes it. */
export const plansOf = (world: World) => world.table<'BASIC' | 'ENTERPRISE'>('support.plans')

export function planOf(world: World, accountId: string): 'BASIC' | 'ENTERPRISE' {
  const own = plansOf(world).get(accountId)
  if (own) return own
  return organizationOfAccount(world, accountId)?.managementAccountId === accountId ? 'ENTERPRISE' : 'BASIC'
}

export function requirePlan({ world, caller }: Call<unknown>): void {
  if (planOf(world, caller.accountId) === 'BASIC')
    throw new AwsError(
      'SubscriptionRequiredException',
      'Amazon Web Services Premium Support Subscription is required to use this service.',
    )
}

interface CreateInput {
  readonly subject: string
  readonly communicationBody: string
  readonly serviceCode?: string
  readonly categoryCode?: string
  readonly severityCode?: string
  readonly ccEmailAddresses?: readonly string[]
  readonly language?: string
}

export function createCase(call: Call<CreateInput>) {
  requirePlan(call)
  const { world, input, caller } = call
  const now = world.now()
  const language = input.language ?? 'en'
  const made: SupportCase = {
    id: `case-${caller.accountId}-mu${language}-${new Date(now).getUTCFullYear()}-${world.id(16, '0123456789abcdef')}`,
    displayId: world.id(15, '123456789'),
    accountId: caller.accountId,
    subject: input.subject,
    status: 'unassigned',
    serviceCode: input.serviceCode ?? 'general-info',
    categoryCode: input.categoryCode ?? 'using-aws',
    severityCode: input.severityCode ?? 'low',
    submittedBy: caller.arn,
    createdAt: now,
    ccEmailAddresses: input.ccEmailAddresses ?? [],
    language,
    communications: [{ body: input.communicationBody, submittedBy: caller.arn, at: now }],
  }
  casesOf(world).put(made.id, made)
  if (/enterprise\s+support/i.test(`${made.subject} ${input.communicationBody}`)) answerLater(world, made)
  return { caseId: made.id }
}

/** A case that asks for Enterprise Support is answered after a while; the accounts that it names have the plan then. */
function answerLater(world: World, { id, subject }: SupportCase): void {
  const fault = world.fault({ at: 'outcome', service: 'support', operation: 'CreateCase', subject })
  if (fault?.do === 'stick') return
  const extra = fault?.do === 'delay' ? fault.ms : 0
  world.later(world.duration('support.enterprise_case') + extra, 'support', 'answer', { id })
}

/** Timer. */
export function answer(world: World, { id }: { id: string }): void {
  const found = casesOf(world).get(id)
  if (!found || found.status === 'resolved') return
  const text = [found.subject, ...found.communications.map((c) => c.body)].join(' ')
  for (const [accountId] of text.matchAll(/\b\d{12}\b/g)) plansOf(world).put(accountId, 'ENTERPRISE')
  const reply = {
    body: 'Enterprise Support is active on the accounts that you named.',
    submittedBy: 'Amazon Web Services',
    at: world.now(),
  }
  casesOf(world).put(id, { ...found, status: 'resolved', communications: [...found.communications, reply] })
}

function caseOf(call: Call<unknown>, id: string | undefined): SupportCase {
  requirePlan(call)
  const found = casesOf(call.world).get(id ?? '')
  if (!found || found.accountId !== call.caller.accountId)
    throw new AwsError('CaseIdNotFound', `The requested caseId ${id} couldn't be located.`)
  return found
}

export function resolveCase(call: Call<{ caseId?: string }>) {
  const found = caseOf(call, call.input.caseId)
  casesOf(call.world).put(found.id, { ...found, status: 'resolved' })
  return { initialCaseStatus: found.status, finalCaseStatus: 'resolved' }
}

export function addCommunicationToCase(call: Call<{ caseId?: string; communicationBody: string }>) {
  const found = caseOf(call, call.input.caseId)
  const added = { body: call.input.communicationBody, submittedBy: call.caller.arn, at: call.world.now() }
  const status = found.status === 'resolved' ? 'reopened' : found.status
  casesOf(call.world).put(found.id, { ...found, status, communications: [...found.communications, added] })
  return { result: true }
}

const time = (ms: number) => new Date(ms).toISOString()

const communicationView = (found: SupportCase, c: Communication) => ({
  caseId: found.id,
  body: c.body,
  submittedBy: c.submittedBy,
  timeCreated: time(c.at),
  attachmentSet: [],
})

const view = (found: SupportCase, withCommunications: boolean) => ({
  caseId: found.id,
  displayId: found.displayId,
  subject: found.subject,
  status: found.status,
  serviceCode: found.serviceCode,
  categoryCode: found.categoryCode,
  severityCode: found.severityCode,
  submittedBy: found.submittedBy,
  timeCreated: time(found.createdAt),
  ccEmailAddresses: found.ccEmailAddresses,
  language: found.language,
  recentCommunications: withCommunications
    ? {
        communications: found.communications
          .slice(-5)
          .reverse()
          .map((c) => communicationView(found, c)),
      }
    : undefined,
})

interface ListInput {
  readonly caseIdList?: readonly string[]
  readonly displayId?: string
  readonly afterTime?: string
  readonly beforeTime?: string
  readonly includeResolvedCases?: boolean
  readonly includeCommunications?: boolean
  readonly nextToken?: string
  readonly maxResults?: number
}

/** Resolved cases show only when asked for. */
export function describeCases(call: Call<ListInput>) {
  requirePlan(call)
  const { input, world, caller } = call
  for (const id of input.caseIdList ?? []) caseOf(call, id)
  const fits = [...casesOf(world).values()].filter(
    (c) =>
      c.accountId === caller.accountId &&
      (input.caseIdList?.includes(c.id) ?? true) &&
      (input.displayId === undefined || c.displayId === input.displayId) &&
      (input.includeResolvedCases === true || c.status !== 'resolved') &&
      (input.afterTime === undefined || c.createdAt >= Date.parse(input.afterTime)) &&
      (input.beforeTime === undefined || c.createdAt <= Date.parse(input.beforeTime)),
  )
  const { items, next } = pageOf(fits.reverse(), {
    token: input.nextToken,
    size: input.maxResults ?? 10,
    badToken: 'ValidationException',
  })
  return { cases: items.map((c) => view(c, input.includeCommunications !== false)), nextToken: next }
}

export function describeCommunications(
  call: Call<{ caseId: string; nextToken?: string; maxResults?: number }>,
) {
  const found = caseOf(call, call.input.caseId)
  const all = [...found.communications].reverse()
  const { items, next } = pageOf(all, {
    token: call.input.nextToken,
    size: call.input.maxResults ?? 10,
    badToken: 'ValidationException',
  })
  return { communications: items.map((c) => communicationView(found, c)), nextToken: next }
}
