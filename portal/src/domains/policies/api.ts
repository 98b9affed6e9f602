import {
  type AccountRow,
  accountPage,
  accountRow,
  awsOrganizationView,
} from '@rankan/server/domain/accounts/view.ts'
import {
  accountPolicies,
  type EventRequest,
  eventReply,
  guardrailDetail,
  guardrailList,
} from '@rankan/server/domain/policies/guardrails.ts'
import type { ReportSection, ReportTable } from '@rankan/server/domain/policies/kinds.ts'
import {
  type ExemptRequest,
  KEPT_LINES,
  type ReplayRequestInput,
  replayDetail,
  replayResult,
  replaySources,
  replayView,
} from '@rankan/server/domain/policies/replays.ts'
import type { Language } from '@rankan/server/kernel/text.ts'
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { get, getAll, post, urlOf } from '../../api/client.ts'
import { one, pages } from '../../api/queries.ts'
import type { Option } from '../../components/options.tsx'

const id = encodeURIComponent

/** As the estate's page asks it: one answer for both. */
export const awsOrganizationsQuery = () =>
  queryOptions({
    queryKey: ['aws-organizations'],
    queryFn: async ({ signal }) =>
      (await get('/api/aws-organizations', z.object({ items: z.array(awsOrganizationView) }), {}, signal))
        .items,
  })

/** The topic of its events is `guardrails`, wherever the path begins. */
export const guardrailsQuery = (awsOrganizationId: string) =>
  queryOptions({
    queryKey: ['guardrails', awsOrganizationId],
    queryFn: ({ signal }) =>
      get(`/api/aws-organizations/${id(awsOrganizationId)}/guardrails`, guardrailList, {}, signal),
  })

export const guardrailQuery = (awsOrganizationId: string, policyId: string) =>
  queryOptions({
    queryKey: ['guardrails', awsOrganizationId, policyId],
    queryFn: ({ signal }) =>
      get(
        `/api/aws-organizations/${id(awsOrganizationId)}/guardrails/${id(policyId)}`,
        guardrailDetail,
        {},
        signal,
      ),
  })

export const accountPoliciesQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['guardrails', 'account', accountId],
    queryFn: ({ signal }) => get(`/api/accounts/${id(accountId)}/policies`, accountPolicies, {}, signal),
  })

export const requestsOfEvent = (body: EventRequest) =>
  post('/api/denials/requests', body, { schema: eventReply })

const FOUND_ACCOUNTS = 20

/** Accounts by name, number or organisation, as options of a `ComboBox`; the value is the account's twelve digits. */
export async function searchAccounts(text: string, signal: AbortSignal): Promise<readonly Option[]> {
  const page = await get('/api/accounts', accountPage, { text, limit: FOUND_ACCOUNTS }, signal)
  return page.items.map(({ accountId, name }) => ({ value: accountId, label: `${name} (${accountId})` }))
}

/** Account numbers to organisations: a report names accounts, people think in organisations. */
export const tenantsQuery = () =>
  queryOptions({
    queryKey: ['all-accounts', 'tenants'],
    queryFn: async ({ signal }) => {
      const rows = await getAll('/api/accounts', accountRow, { limit: 1000 }, signal)
      return new Map(rows.map((row) => [row.accountId, { ...row, organisation: row.organisationName }]))
    },
    staleTime: 60_000,
  })
export interface Tenant extends Pick<AccountRow, 'accountId' | 'name' | 'awsOrganizationId' | 'ouId'> {
  readonly organisation: AccountRow['organisationName']
}
export type Tenants = ReadonlyMap<string, Tenant>

const REPLAYS = '/api/replays'

export const sourcesQuery = () => one(`${REPLAYS}/sources`, replaySources)
export const replaysQuery = () => pages(REPLAYS, replayView)
export const replayQuery = (replayId: string) => one(`${REPLAYS}/${id(replayId)}`, replayDetail)
export const resultQuery = (replayId: string) =>
  queryOptions({
    ...one(`${REPLAYS}/${id(replayId)}/result`, replayResult, { limit: KEPT_LINES }),
    // A result never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })

export const startReplay = (body: ReplayRequestInput) => post(REPLAYS, body, { schema: replayView })
export const cancelReplay = (replayId: string) =>
  post(`${REPLAYS}/${id(replayId)}/cancel`, undefined, { schema: replayView })
export const exemptReplay = (replayId: string, body: ExemptRequest) =>
  post(`${REPLAYS}/${id(replayId)}/exempt`, body, { schema: replayView })

export const exportUrl = (replayId: string, section: ReportSection, table: ReportTable, language: Language) =>
  urlOf(`${REPLAYS}/${id(replayId)}/export`, { section, table, language })
