import { z } from '@hono/zod-openapi'
import { ledgerEntryView, ledgerProofView, ledgerReportView } from '../../domain/ledger/view.ts'
import { notFound } from '../../kernel/errors.ts'
import { listEntries, proveEntry } from '../../storage/ledger/query.ts'
import { verifyLedger } from '../../storage/ledger/verify.ts'
import { read } from '../../storage/transact.ts'
import { decodeCursor, encodeCursor, pageOf, pageQuery, route } from '../route.ts'

const idText = z.string().regex(/^\d{1,18}$/)

export const ledgerRoutes = [
  route({
    method: 'get',
    path: '/api/ledger',
    action: 'ledger.read',
    tag: 'Ledger',
    summary: 'Entries of the audit ledger, newest first; a tenant sees its own',
    query: pageQuery.extend({
      kind: z.string().max(100).optional(),
      subject: z.string().max(200).optional(),
      organisationId: z.string().max(100).optional(),
    }),
    reply: pageOf(ledgerEntryView),
    handle: async ({ query, actor, services }) => {
      const before = decodeCursor(query.cursor, idText)
      const items = await read(services.on, actor, (tx) =>
        listEntries(tx, { ...query, before, limit: query.limit + 1 }),
      )
      const page = items.slice(0, query.limit)
      const last = page.at(-1)
      return {
        items: page,
        nextCursor: items.length > query.limit && last !== undefined ? encodeCursor(last.id) : null,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/ledger/{id}/proof',
    action: 'ledger.read',
    tag: 'Ledger',
    summary: 'Inclusion proof of an entry (RFC 9162)',
    params: z.object({ id: idText }),
    reply: ledgerProofView,
    handle: async ({ params, actor, services }) => {
      const proof = await read(services.on, actor, (tx) => proveEntry(tx, params.id))
      if (proof === null) throw notFound('ledger_entry', params.id)
      return proof
    },
  }),
  route({
    method: 'get',
    path: '/api/ledger/verify',
    action: 'ledger.verify',
    tag: 'Ledger',
    summary: 'Rebuilds the whole tree from the entries and compares every checkpoint',
    reply: ledgerReportView,
    handle: async ({ actor, services }) => {
      const report = await read(services.on, actor, verifyLedger)
      return { ...report, faults: [...report.faults] }
    },
  }),
]
