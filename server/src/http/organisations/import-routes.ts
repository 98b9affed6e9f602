import { z } from '@hono/zod-openapi'
import { IMPORT_LIMITS } from '../../domain/organisations/import/limits.ts'
import { matchingProfile, profileSchema } from '../../domain/organisations/import/profile.ts'
import {
  decisionsBody,
  filePreview,
  importLine,
  importQuery,
  importView,
  profileView,
} from '../../domain/organisations/view.ts'
import { dayInJapan } from '../../kernel/days.ts'
import {
  applyImport,
  decideImport,
  discardImport,
  listImports,
  planImport,
  readImport,
} from '../../storage/organisations/imports.ts'
import {
  chooseProfile,
  listProfiles,
  removeProfile,
  saveProfile,
} from '../../storage/organisations/profiles.ts'
import { readCsv } from '../../storage/organisations/read-file.ts'
import { read, transact } from '../../storage/transact.ts'
import { route } from '../route.ts'
import { presentImport } from './present.ts'
import { idParam } from './register-routes.ts'

const upload = { types: ['text/csv', 'application/octet-stream'], maxBytes: IMPORT_LIMITS.fileBytes }
const tag = 'Organisations: import'
const SAMPLE_ROWS = 5

export const importRoutes = [
  route({
    method: 'post',
    path: '/api/organisation-imports',
    action: 'organisation.import',
    tag,
    summary:
      'Reads a list (CSV in UTF-8 or Shift_JIS), compares it with the register and keeps the plan; changes nothing',
    query: importQuery,
    upload,
    reply: importView,
    status: 201,
    handle: async ({ query, actor, services, ids, raw }) => {
      const bytes = new Uint8Array(await raw.req.arrayBuffer())
      const file = readCsv(bytes)
      const stored = await transact(services.on, actor, async (tx) => {
        const profile = await chooseProfile(tx, query.profile ?? null, file.headings)
        const asOf = query.asOf ?? dayInJapan(services.clock.now())
        return planImport(tx, ids, { fileName: query.fileName, bytes, file, profile, asOf, decisions: {} })
      })
      return presentImport(stored)
    },
  }),
  route({
    method: 'post',
    path: '/api/organisation-imports/preview',
    action: 'organisation.import',
    tag,
    summary: 'Headings and first rows of a file, for the mapping of its columns',
    upload,
    reply: filePreview,
    handle: async ({ actor, services, raw }) => {
      const file = readCsv(new Uint8Array(await raw.req.arrayBuffer()))
      const profiles = await read(services.on, actor, listProfiles)
      return {
        encoding: file.encoding,
        headings: [...file.headings],
        rows: file.records.length,
        sample: file.records.slice(0, SAMPLE_ROWS).map((record) => ({ ...record.cells })),
        profile:
          matchingProfile(
            file.headings,
            profiles.map((p) => p.profile),
          )?.name ?? null,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/organisation-imports',
    action: 'organisation.read_import',
    tag,
    summary: 'The last 100 imports, newest first',
    reply: z.object({ items: z.array(importLine) }),
    handle: async ({ actor, services }) => ({
      items: [...(await read(services.on, actor, (tx) => listImports(tx, 100)))],
    }),
  }),
  route({
    method: 'get',
    path: '/api/organisation-imports/{id}',
    action: 'organisation.read_import',
    tag,
    summary: 'An import with its plan, as data and in words',
    params: idParam,
    reply: importView,
    handle: async ({ params, actor, services }) =>
      presentImport(await read(services.on, actor, (tx) => readImport(tx, params.id))),
  }),
  route({
    method: 'put',
    path: '/api/organisation-imports/{id}/decisions',
    action: 'organisation.import',
    tag,
    summary:
      'Accepts or skips items, names a successor or a day; makes the plan again on the register of now',
    params: idParam,
    body: decisionsBody,
    reply: importView,
    handle: async ({ params, body, actor, services }) =>
      presentImport(await transact(services.on, actor, (tx) => decideImport(tx, params.id, body.decisions))),
  }),
  route({
    method: 'post',
    path: '/api/organisation-imports/{id}/apply',
    action: 'organisation.import',
    tag,
    summary: 'Applies exactly this plan, all or nothing; conflict when the register was changed since',
    params: idParam,
    reply: importView,
    handle: async ({ params, actor, services, ids }) =>
      presentImport(await transact(services.on, actor, (tx) => applyImport(tx, ids, params.id))),
  }),
  route({
    method: 'post',
    path: '/api/organisation-imports/{id}/discard',
    action: 'organisation.import',
    tag,
    summary: 'Puts a plan away that will not be applied',
    params: idParam,
    reply: importView,
    handle: async ({ params, actor, services }) =>
      presentImport(await transact(services.on, actor, (tx) => discardImport(tx, params.id))),
  }),
  route({
    method: 'get',
    path: '/api/import-profiles',
    action: 'organisation.read_import',
    tag,
    summary: 'How the columns of lists are read: saved and built-in profiles',
    reply: z.object({ items: z.array(profileView) }),
    handle: async ({ actor, services }) => ({ items: [...(await read(services.on, actor, listProfiles))] }),
  }),
  route({
    method: 'put',
    path: '/api/import-profiles',
    action: 'organisation.import',
    tag,
    summary: 'Saves a profile under its name',
    body: profileSchema,
    status: 204,
    handle: async ({ body, actor, services }) => {
      await transact(services.on, actor, (tx) => saveProfile(tx, body))
      return undefined
    },
  }),
  route({
    method: 'delete',
    path: '/api/import-profiles/{name}',
    action: 'organisation.import',
    tag,
    summary: 'Removes a saved profile',
    params: z.object({ name: z.string().max(40) }),
    status: 204,
    handle: async ({ params, actor, services }) => {
      await transact(services.on, actor, (tx) => removeProfile(tx, params.name))
      return undefined
    },
  }),
]
