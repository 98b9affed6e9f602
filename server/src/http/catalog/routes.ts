import { z } from '@hono/zod-openapi'
import { frameworkNamed } from '../../catalog/coverage.ts'
import { coverageMap } from '../../catalog/coverage-map.ts'
import { coverageSvg } from '../../catalog/coverage-svg.ts'
import { COVERAGE_COLUMNS, coverageTable } from '../../catalog/coverage-table.ts'
import { FRAMEWORKS } from '../../catalog/frameworks.ts'
import {
  controlDetailOf,
  controlNamed,
  controlRowOf,
  filterControls,
  frameworkCoverageOf,
  frameworkRowOf,
} from '../../catalog/library.ts'
import type { Control } from '../../catalog/record.ts'
import {
  controlDetail,
  controlInForce,
  controlListQuery,
  controlPage,
  coverageQuery,
  frameworkCoverage,
  frameworkList,
} from '../../catalog/view.ts'
import { read } from '../../storage/transact.ts'
import { csvFile, csvLine } from '../csv.ts'
import { decodeCursor, encodeCursor, type Route, route } from '../route.ts'
import { whereInForce } from './in-force.ts'

const CONTROLS = 'Controls'
const FRAMEWORKS_TAG = 'Frameworks'
const idParam = z.object({ id: z.string().max(100) })
const cursorSchema = z.string().max(100)

/** The library of controls and its coverage of frameworks; read once, when the server starts. */
export const catalogRoutes = (library: readonly Control[]): readonly Route[] => [
  ...controlRoutes(library),
  ...frameworkRoutes(library),
]

const controlRoutes = (library: readonly Control[]): readonly Route[] => [
  route({
    method: 'get',
    path: '/api/controls',
    action: 'control.read',
    tag: CONTROLS,
    summary: 'The library of controls, by id',
    query: controlListQuery,
    reply: controlPage,
    handle: async ({ query: { cursor, limit, ...filter } }) => {
      const after = decodeCursor(cursor, cursorSchema)
      const found = filterControls(library, filter)
      const rest = after === null ? found : found.filter(({ record }) => record.id > after)
      const page = rest.slice(0, limit)
      const last = rest.length > limit ? page.at(-1) : undefined
      return {
        items: page.map(controlRowOf),
        nextCursor: last === undefined ? null : encodeCursor(last.record.id),
        total: found.length,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/controls/{id}',
    action: 'control.read',
    tag: CONTROLS,
    summary: 'One control: purpose, frameworks, its forms with parameters filled in, and its cases',
    params: idParam,
    reply: controlDetail,
    handle: async ({ params }) => controlDetailOf(controlNamed(library, params.id)),
  }),
  route({
    method: 'get',
    path: '/api/controls/{id}/in-force',
    action: 'control.read',
    tag: CONTROLS,
    summary: 'Where the policies in force deny what the preventive form of the control denies',
    description:
      'As the last sweep read them, whoever attached them. The centre sees roots, OUs and accounts with policies of their own; a tenant sees its accounts.',
    params: idParam,
    reply: controlInForce,
    handle: ({ params, actor, services }) => {
      const control = controlNamed(library, params.id)
      return read(services.on, actor, (tx) => whereInForce(tx, control, actor))
    },
  }),
]

const svgQuery = coverageQuery.extend({ language: z.enum(['ja', 'en']).default('ja') })

const frameworkRoutes = (library: readonly Control[]): readonly Route[] => [
  route({
    method: 'get',
    path: '/api/frameworks',
    action: 'control.read',
    tag: FRAMEWORKS_TAG,
    summary: 'Frameworks that controls are mapped to, with how much of each is served',
    reply: frameworkList,
    handle: async () => ({
      items: FRAMEWORKS.map((framework) => frameworkRowOf(coverageMap(framework, library))),
    }),
  }),
  route({
    method: 'get',
    path: '/api/frameworks/{id}/coverage',
    action: 'control.read',
    tag: FRAMEWORKS_TAG,
    summary: 'Which elements of a framework which controls serve, by type; gaps first',
    params: idParam,
    query: coverageQuery,
    reply: frameworkCoverage,
    handle: async ({ params, query }) => frameworkCoverageOf(frameworkNamed(params.id), library, query),
  }),
  route({
    method: 'get',
    path: '/api/frameworks/{id}/coverage.csv',
    action: 'control.read',
    tag: FRAMEWORKS_TAG,
    summary: 'The coverage by element, type and service as CSV (UTF-8 with a byte-order mark); gaps first',
    params: idParam,
    query: coverageQuery,
    replyType: 'text/csv',
    handle: async ({ params, query }) => {
      const map = coverageMap(frameworkNamed(params.id), library, query)
      const rows = coverageTable(map, library)
      return file(csvFile([COVERAGE_COLUMNS, ...rows].map(csvLine)), 'text/csv', `${map.framework.id}.csv`)
    },
  }),
  route({
    method: 'get',
    path: '/api/frameworks/{id}/coverage.svg',
    action: 'control.read',
    tag: FRAMEWORKS_TAG,
    summary: 'The coverage as a map, a tile for each element',
    params: idParam,
    query: svgQuery,
    replyType: 'image/svg+xml',
    handle: async ({ params, query: { language, ...filter } }) => {
      const map = coverageMap(frameworkNamed(params.id), library, filter)
      return file(coverageSvg(map, language), 'image/svg+xml', `${map.framework.id}.svg`)
    },
  }),
]

const file = (text: string, type: string, name: string): Response =>
  new Response(text, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
    },
  })
