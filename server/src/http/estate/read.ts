import { z } from '@hono/zod-openapi'
import {
  type AccountRow,
  accountDetail,
  accountFilter,
  accountListQuery,
  accountPage,
  awsOrganizationView,
} from '../../domain/accounts/view.ts'
import { applicationTimeline } from '../../domain/accounts/work-view.ts'
import { driftListQuery, driftPage, driftRow } from '../../domain/drift/view.ts'
import type { Actor } from '../../domain/people/roles.ts'
import { findDrift, listDrift } from '../../storage/estate/drift-list.ts'
import {
  type AccountCursor,
  countAccounts,
  findAccount,
  listAccounts,
  listAwsOrganizations,
} from '../../storage/estate/list.ts'
import { applicationTimeline as readTimeline } from '../../storage/estate/work-list.ts'
import { read } from '../../storage/transact.ts'
import { decodeCursor, encodeCursor, type Route, route } from '../route.ts'
import type { Services } from '../services.ts'
import { accountCsvHead, accountCsvLine } from './csv.ts'

const accountCursor = z.object({ name: z.string().max(50), accountId: z.string().max(12) })
const driftCursor = z.object({ at: z.iso.datetime(), id: z.string().max(60) })
const idParam = z.object({ id: z.string().max(60) })

/** Rows for each query of the export: memory stays flat whatever the size of the estate. */
const EXPORT_PAGE = 1000

export const estateReadRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/accounts',
    action: 'account.read',
    tag: 'Accounts',
    summary: 'Accounts by name; a tenant sees its own',
    query: accountListQuery,
    reply: accountPage,
    handle: async ({ query, actor, services }) => {
      const { cursor, limit, ...filter } = query
      const after = decodeCursor(cursor, accountCursor)
      return read(services.on, actor, async (tx) => {
        const { items, next } = await listAccounts(tx, filter, after, limit)
        return { items, nextCursor: next && encodeCursor(next), total: await countAccounts(tx, filter) }
      })
    },
  }),
  route({
    method: 'get',
    path: '/api/accounts/export',
    action: 'account.read',
    tag: 'Accounts',
    summary: 'The accounts of a filter as CSV (UTF-8 with a byte-order mark, for spreadsheets)',
    query: accountFilter,
    replyType: 'text/csv',
    handle: async ({ query, actor, services }) =>
      new Response(csvStream(services, actor, query), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="accounts.csv"',
        },
      }),
  }),
  route({
    method: 'get',
    path: '/api/accounts/{id}',
    action: 'account.read',
    tag: 'Accounts',
    summary: 'One account, by `acc_…` or by its twelve digits',
    params: idParam,
    reply: accountDetail,
    handle: async ({ params, actor, services, authorise }) => {
      const account = await read(services.on, actor, (tx) => findAccount(tx, params.id))
      authorise({ organisationId: account.organisationId })
      return account
    },
  }),
  route({
    method: 'get',
    path: '/api/aws-organizations',
    action: 'estate.read',
    tag: 'Accounts',
    summary: 'The connected AWS organisations with their ceilings and last sweeps',
    reply: z.object({ items: z.array(awsOrganizationView) }),
    handle: async ({ actor, services }) => ({
      items: [...(await read(services.on, actor, listAwsOrganizations))],
    }),
  }),
  route({
    method: 'get',
    path: '/api/drift',
    action: 'drift.read',
    tag: 'Drift',
    summary: 'Differences between register and AWS that no workflow explains, newest first',
    query: driftListQuery,
    reply: driftPage,
    handle: async ({ query, actor, services }) => {
      const after = decodeCursor(query.cursor, driftCursor)
      const { items, next, total } = await read(services.on, actor, (tx) => listDrift(tx, query, after))
      return { items, nextCursor: next && encodeCursor(next), total }
    },
  }),
  route({
    method: 'get',
    path: '/api/drift/{id}',
    action: 'drift.read',
    tag: 'Drift',
    summary: 'One drift with what may be done',
    params: idParam,
    reply: driftRow,
    handle: ({ params, actor, services }) => read(services.on, actor, (tx) => findDrift(tx, params.id)),
  }),
  route({
    method: 'get',
    path: '/api/applications/{id}/timeline',
    action: 'application.read',
    tag: 'Applications',
    summary: 'Every step of the work of an application, with attempts, errors and times',
    params: idParam,
    reply: applicationTimeline,
    handle: async ({ params, actor, services, authorise }) => {
      const timeline = await read(services.on, actor, (tx) => readTimeline(tx, params.id))
      for (const work of timeline.works) authorise({ organisationId: work.organisationId })
      return timeline
    },
  }),
]

function csvStream(services: Services, actor: Actor, filter: z.output<typeof accountFilter>) {
  const encoder = new TextEncoder()
  let after: AccountCursor | null = null
  let begun = false
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!begun) controller.enqueue(encoder.encode(`\uFEFF${accountCsvHead}\r\n`))
      begun = true
      const page: { items: AccountRow[]; next: AccountCursor | null } = await read(services.on, actor, (tx) =>
        listAccounts(tx, filter, after, EXPORT_PAGE),
      )
      controller.enqueue(encoder.encode(page.items.map((row) => `${accountCsvLine(row)}\r\n`).join('')))
      after = page.next
      if (after === null) controller.close()
    },
  })
}
