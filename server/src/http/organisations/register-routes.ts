import { z } from '@hono/zod-openapi'
import {
  attentionItem,
  organisationListQuery,
  organisationPage,
  organisationRow,
} from '../../domain/organisations/view.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { attentionList } from '../../storage/organisations/attention.ts'
import { organisationPageOf } from '../../storage/organisations/page.ts'
import { searchOrganisations } from '../../storage/organisations/search.ts'
import { read } from '../../storage/transact.ts'
import { decodeCursor, encodeCursor, pageOf, route } from '../route.ts'

const offsetSchema = z.number().int().min(0).max(1_000_000)
export const idParam = z.object({ id: z.string().max(100) })

export const registerRoutes = [
  route({
    method: 'get',
    path: '/api/organisations',
    action: 'organisation.read',
    tag: 'Organisations',
    summary: 'Organisations on a day, by name, reading or code, or those that belong to one',
    description:
      '`parent=none` lists what belongs to no other organisation: ministries, prefectures, companies.',
    query: organisationListQuery,
    reply: pageOf(organisationRow),
    handle: async ({ query, actor, services }) => {
      const offset = decodeCursor(query.cursor, offsetSchema) ?? 0
      const { items, total } = await read(services.on, actor, (tx) =>
        searchOrganisations(tx, {
          text: query.text ?? '',
          on: query.on ?? dayInJapan(services.clock.now()),
          kind: query.kind ?? null,
          parent: query.parent ?? null,
          limit: query.limit,
          offset,
        }),
      )
      const next = offset + items.length
      return { items: [...items], nextCursor: next < total ? encodeCursor(next) : null, total }
    },
  }),
  route({
    method: 'get',
    path: '/api/organisations/attention',
    action: 'organisation.attention.read',
    tag: 'Organisations',
    summary: 'Ownerless accounts, dead or missing contacts, people who left and still hold a role',
    reply: z.object({ items: z.array(attentionItem) }),
    handle: async ({ actor, services }) => ({ items: [...(await read(services.on, actor, attentionList))] }),
  }),
  route({
    method: 'get',
    path: '/api/organisations/{id}',
    action: 'organisation.read',
    tag: 'Organisations',
    summary: 'An organisation with its history, and what the reader may see of what belongs to it',
    params: idParam,
    query: z.object({ on: z.iso.date().optional() }),
    reply: organisationPage,
    handle: ({ params, query, actor, services }) =>
      read(services.on, actor, (tx) =>
        organisationPageOf(tx, params.id, query.on ?? dayInJapan(services.clock.now())),
      ),
  }),
]
