import { z } from '@hono/zod-openapi'
import { frameworkNamed } from '../../catalog/coverage.ts'
import { coverageMap } from '../../catalog/coverage-map.ts'
import { coverageSvg } from '../../catalog/coverage-svg.ts'
import { coverageColumns, coverageTable } from '../../catalog/coverage-table.ts'
import { FRAMEWORKS, type Framework, isFramework } from '../../catalog/frameworks.ts'
import { withEdges } from '../../catalog/imports/own-framework.ts'
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
  controlPlaces,
  coverageQuery,
  frameworkCoverage,
  frameworkList,
} from '../../catalog/view.ts'
import { ownFrameworks } from '../../storage/controls/imports.ts'
import { read, type Tx } from '../../storage/transact.ts'
import { csvFile, csvLine } from '../csv.ts'
import { decodeCursor, encodeCursor, type Route, route } from '../route.ts'
import { whereInForce } from './in-force.ts'
import { controlPlacesNow } from './live.ts'

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
    handle: ({ params, actor, services }) =>
      read(services.on, actor, async (tx) => {
        const control = controlNamed(library, params.id)
        const own = await ownFrameworks(tx)
        return controlDetailOf(control, own)
      }),
  }),
  route({
    method: 'get',
    path: '/api/control-places',
    action: 'control_plan.read',
    tag: CONTROLS,
    summary:
      'Where each control is on: by the policies in force, by what Rankan applied, by what AWS has in place',
    description:
      'Policies are asked as the last sweep read them. Controls of Control Tower and conformance packs that others switched on are those of the last import of kind `in-place`.',
    reply: controlPlaces,
    handle: ({ actor, services }) => read(services.on, actor, (tx) => controlPlacesNow(tx, library)),
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

const csvQuery = coverageQuery.extend({
  /** For the centre: adds where the controls are on. */
  live: z.enum(['true', 'false']).default('false'),
})

interface Found {
  readonly framework: Framework
  /** With the edges of the framework, if it is the operator's own. */
  readonly controls: readonly Control[]
}

/** A framework that comes with Rankan, or one of the operator's own, which only the centre sees. */
async function foundFramework(tx: Tx, id: string, library: readonly Control[]): Promise<Found> {
  if (isFramework(id)) return { framework: frameworkNamed(id), controls: library }
  const own = (await ownFrameworks(tx)).find(({ framework }) => framework.id === id)
  return own === undefined
    ? { framework: frameworkNamed(id), controls: library }
    : { framework: own.framework, controls: withEdges(library, own) }
}

const frameworkRoutes = (library: readonly Control[]): readonly Route[] => [
  route({
    method: 'get',
    path: '/api/frameworks',
    action: 'control.read',
    tag: FRAMEWORKS_TAG,
    summary: 'Frameworks that controls are mapped to, with how much of each is served',
    reply: frameworkList,
    handle: async ({ actor, services }) => {
      const own = await read(services.on, actor, ownFrameworks)
      return {
        items: [
          ...FRAMEWORKS.map((framework) => frameworkRowOf(coverageMap(framework, library))),
          ...own.map((one) => frameworkRowOf(coverageMap(one.framework, withEdges(library, one)))),
        ],
      }
    },
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
    handle: ({ params, query, actor, services }) =>
      read(services.on, actor, async (tx) => {
        const { framework, controls } = await foundFramework(tx, params.id, library)
        return frameworkCoverageOf(framework, controls, query)
      }),
  }),
  route({
    method: 'get',
    path: '/api/frameworks/{id}/coverage.csv',
    action: 'control.read',
    tag: FRAMEWORKS_TAG,
    summary: 'The coverage by element, type and service as CSV (UTF-8 with a byte-order mark); gaps first',
    params: idParam,
    query: csvQuery,
    replyType: 'text/csv',
    handle: ({ params, query: { live, ...filter }, actor, services, authorise }) => {
      if (live === 'true') authorise({}, 'control_plan.read')
      return read(services.on, actor, async (tx) => {
        const { framework, controls } = await foundFramework(tx, params.id, library)
        const places = live === 'true' ? (await controlPlacesNow(tx, library)).controls : null
        const rows = coverageTable(coverageMap(framework, controls, filter), controls, places)
        const lines = [coverageColumns(places !== null), ...rows].map(csvLine)
        return file(csvFile(lines), 'text/csv', `${framework.id}.csv`)
      })
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
    handle: ({ params, query: { language, ...filter }, actor, services }) =>
      read(services.on, actor, async (tx) => {
        const { framework, controls } = await foundFramework(tx, params.id, library)
        const map = coverageMap(framework, controls, filter)
        return file(coverageSvg(map, language), 'image/svg+xml', `${framework.id}.svg`)
      }),
  }),
]

const file = (text: string, type: string, name: string): Response =>
  new Response(text, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
    },
  })
