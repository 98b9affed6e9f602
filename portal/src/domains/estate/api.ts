import {
  type OrganizationSettingsChange,
  organizationSettings,
} from '@rankan/server/domain/accounts/organization-settings.ts'
import {
  type AccountFilter,
  accountDetail,
  accountRow,
  awsOrganizationView,
} from '@rankan/server/domain/accounts/view.ts'
import { type QueueView, queueView } from '@rankan/server/domain/accounts/work-view.ts'
import { type DriftApply, driftRow } from '@rankan/server/domain/drift/view.ts'
import { type QuotaChange, quotaList } from '@rankan/server/domain/quotas/view.ts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { get, getPage, type Page, post, put } from '../../api/client.ts'
import { one, pages } from '../../api/queries.ts'

const ACCOUNTS = '/api/accounts'
/** The API's ceiling of a page of accounts: 10,000 accounts are ten requests. */
const ACCOUNTS_PER_PAGE = 1000

/**
 * Every account, page by page: the table shows the first thousand at once while the others arrive. Its key is not the
 * topic `accounts`, because each event would load all of it again; the page refreshes it on a clock instead.
 */
export const accountsQuery = (filter: Pick<AccountFilter, 'awsOrganizationId'>) =>
  infiniteQueryOptions({
    queryKey: ['all-accounts', filter],
    queryFn: ({ signal, pageParam }) =>
      getPage(ACCOUNTS, accountRow, { ...filter, limit: ACCOUNTS_PER_PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<unknown>) => last.nextCursor,
    staleTime: 10_000,
  })

export const accountQuery = (id: string) => one(`${ACCOUNTS}/${encodeURIComponent(id)}`, accountDetail)

export const awsOrganizationsQuery = () =>
  queryOptions({
    queryKey: ['aws-organizations'],
    queryFn: async ({ signal }) => {
      const answer = await get(
        '/api/aws-organizations',
        z.object({ items: z.array(awsOrganizationView) }),
        {},
        signal,
      )
      return answer.items
    },
  })

export const queueQuery = () =>
  infiniteQueryOptions({
    queryKey: ['queue'],
    queryFn: ({ signal, pageParam }) => get('/api/queue', queueView, { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: QueueView) => last.nextCursor,
  })

export const driftQuery = (filter: { readonly state?: 'open'; readonly accountId?: string }) =>
  pages('/api/drift', driftRow, filter)

export const applyDrift = (id: string, body: DriftApply) =>
  post(`/api/drift/${encodeURIComponent(id)}/apply`, body)

const sweepReply = z.object({
  complete: z.boolean(),
  listed: z.number(),
  opened: z.number(),
  vanished: z.number(),
})

/** Compares an AWS organisation with the register now. */
export const sweepNow = (awsOrganizationId: string) =>
  post(`/api/aws-organizations/${encodeURIComponent(awsOrganizationId)}/sweep`, undefined, {
    schema: sweepReply,
  })

const quotasPath = (awsOrganizationId: string) =>
  `/api/aws-organizations/${encodeURIComponent(awsOrganizationId)}/quotas`

export const quotasQuery = (awsOrganizationId: string) => one(quotasPath(awsOrganizationId), quotaList)

/** Enters a value for that AWS organisation; `limit` null goes back to what AWS publishes. */
export const changeQuota = (awsOrganizationId: string, quota: string, change: QuotaChange) =>
  put(`${quotasPath(awsOrganizationId)}/${encodeURIComponent(quota)}`, change)

const settingsPath = (awsOrganizationId: string) =>
  `/api/aws-organizations/${encodeURIComponent(awsOrganizationId)}/settings`

export const organizationSettingsQuery = (awsOrganizationId: string) =>
  one(settingsPath(awsOrganizationId), organizationSettings)

export const changeOrganizationSettings = (awsOrganizationId: string, change: OrganizationSettingsChange) =>
  put(settingsPath(awsOrganizationId), change)
