import { z } from '@hono/zod-openapi'
import {
  EXPORTED_GROUPS,
  EXPORTED_LINES,
  exemptRequest,
  exportQuery,
  type ReplayRequest,
  type ReplayResult,
  type ReplaySources,
  type ReplayView,
  replayDetail,
  replayListQuery,
  replayPage,
  replayRequest,
  replayResult,
  replaySources,
  replayView,
  resultQuery,
} from '../../domain/policies/replays.ts'
import type { ExemptionOf, ReplayReport, ReportSectionView } from '../../domain/policies/report.ts'
import type { ReplayWorld } from '../../domain/policies/world.ts'
import { invalid } from '../../kernel/errors.ts'
import { awsOrganizations } from '../../storage/estate/organizations.ts'
import { askReplay, cancelReplay } from '../../storage/policies/ask-replay.ts'
import { replayResult as keptResult, wholeTable } from '../../storage/policies/replay-result.ts'
import { replayDetail as findReplay, listReplays, replayRow } from '../../storage/policies/replay-rows.ts'
import { keepWorld, keptWorld, readingTimes, worldNow } from '../../storage/policies/replay-world.ts'
import { read, type Tx, transact } from '../../storage/transact.ts'
import { decodeCursor, encodeCursor, type Route, type RouteContext, route } from '../route.ts'
import { checkReplay } from './check-replay.ts'
import { exempted } from './exempt.ts'
import { reportCsv, titled } from './report-csv.ts'

const TAG = 'Replays'
const idParam = z.object({ id: z.string().max(60) })
const cursor = z.string().regex(/^\d{1,18}$/)

/** Where the trail of an AWS organisation is, by the configuration of this installation. */
export interface TrailPlaces {
  /** `organizationId`: `o-…`; null when nothing is configured for it. */
  of(awsOrganizationId: string, organizationId: string | null): TrailLocation | null
}

export interface TrailLocation {
  readonly kind: 'folder' | 's3'
  readonly location: string
}

export const replayRoutes = (trails: TrailPlaces): readonly Route[] => [
  route({
    method: 'get',
    path: '/api/replays/sources',
    action: 'replay.read',
    tag: TAG,
    summary: 'AWS organisations with the trails that can be replayed',
    reply: replaySources,
    handle: ({ actor, services }) => read(services.on, actor, (tx) => sourcesOf(tx, trails)),
  }),
  route({
    method: 'post',
    path: '/api/replays',
    action: 'replay.start',
    tag: TAG,
    summary: 'Asks what policies would have denied, by the trail of an AWS organisation',
    description:
      'Queued; one replay of an AWS organisation runs at a time. Tree and policies in force are those of the last sweep, and stay with the replay.',
    body: replayRequest,
    reply: replayView,
    status: 202,
    handle: (context) => ask(trails, context),
  }),
  route({
    method: 'get',
    path: '/api/replays',
    action: 'replay.read',
    tag: TAG,
    summary: 'Replays, newest first',
    query: replayListQuery,
    reply: replayPage,
    handle: async ({ query, actor, services }) => {
      const after = decodeCursor(query.cursor, cursor)
      const { items, next } = await read(services.on, actor, (tx) => listReplays(tx, query, after))
      return { items, nextCursor: next && encodeCursor(next) }
    },
  }),
  route({
    method: 'get',
    path: '/api/replays/{id}',
    action: 'replay.read',
    tag: TAG,
    summary: 'One replay: state, progress, policies as they were replayed',
    params: idParam,
    reply: replayDetail,
    handle: ({ params, actor, services }) => read(services.on, actor, (tx) => findReplay(tx, params.id)),
  }),
  route({
    method: 'post',
    path: '/api/replays/{id}/cancel',
    action: 'replay.cancel',
    tag: TAG,
    summary: 'Ends a replay; what was read of the trail stays read',
    params: idParam,
    reply: replayView,
    status: 202,
    handle: ({ params, actor, services }) =>
      transact(services.on, actor, (tx) => cancelReplay(tx, params.id)),
  }),
  route({
    method: 'post',
    path: '/api/replays/{id}/exempt',
    action: 'replay.start',
    tag: TAG,
    summary: 'Replays once more with exemptions, against the policies of this replay',
    params: idParam,
    body: exemptRequest,
    reply: replayView,
    status: 202,
    handle: (context) => exempt(context),
  }),
  ...resultRoutes,
]

const resultRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/replays/{id}/result',
    action: 'replay.read',
    tag: TAG,
    summary: 'What would be denied, what cannot be told, and exemptions to consider',
    params: idParam,
    query: resultQuery,
    reply: replayResult,
    handle: async ({ params, query, actor, services }) =>
      cut(await read(services.on, actor, (tx) => keptResult(tx, params.id)), query.limit),
  }),
  route({
    method: 'get',
    path: '/api/replays/{id}/export',
    action: 'replay.read',
    tag: TAG,
    summary: 'One table of the result as CSV (UTF-8 with a byte-order mark, for spreadsheets)',
    description: `All lines, up to ${EXPORTED_LINES} (of \`groups\`: ${EXPORTED_GROUPS}); \`sizes\` in the result tells how many there are.`,
    params: idParam,
    query: exportQuery,
    replyType: 'text/csv',
    handle: async ({ params, query, actor, services }) => {
      const { section, table, language } = query
      const csv = await read(services.on, actor, async (tx) => {
        const whole = await wholeTable(tx, params.id, section, table)
        return whole ?? reportCsv((await keptResult(tx, params.id)).report, section, table)
      })
      return new Response(language === undefined ? csv : titled(csv, language), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="${params.id}-${section}-${table}.csv"`,
        },
      })
    },
  }),
]

async function sourcesOf(tx: Tx, trails: TrailPlaces): Promise<ReplaySources> {
  const readAt = await readingTimes(tx)
  return {
    items: (await awsOrganizations(tx)).map(({ id, name, organizationId }) => ({
      awsOrganizationId: id,
      name,
      trail: trails.of(id, organizationId),
      guardrailsReadAt: readAt.get(id) ?? null,
    })),
  }
}

async function ask(
  trails: TrailPlaces,
  { body, actor, services, ids }: RouteContext<undefined, undefined, ReplayRequest>,
): Promise<ReplayView> {
  const { awsOrganizationId, title, ...request } = body
  return transact(services.on, actor, async (tx) => {
    await refuseWithoutTrail(tx, trails, awsOrganizationId)
    const world = await worldNow(tx, awsOrganizationId)
    checkReplay(request, world)
    return askReplay(tx, {
      id: ids('rpl'),
      awsOrganizationId,
      title,
      request,
      worldSha256: await keepWorld(tx, awsOrganizationId, world),
      parentId: null,
      exemptions: [],
    })
  })
}

async function refuseWithoutTrail(tx: Tx, trails: TrailPlaces, awsOrganizationId: string): Promise<void> {
  const found = (await awsOrganizations(tx)).find(({ id }) => id === awsOrganizationId)
  const where = (code: string, message: string) =>
    invalid(code, message, [{ path: ['awsOrganizationId'], code, message }])
  if (found === undefined)
    throw where('unknown_aws_organization', `There is no AWS organisation \`${awsOrganizationId}\`.`)
  if (trails.of(found.id, found.organizationId) === null)
    throw where(
      'no_trail',
      `No trail is configured for \`${awsOrganizationId}\`. Name its folder or S3 address in RANKAN_TRAILS.`,
    )
}

type ExemptContext = RouteContext<
  { id: string },
  undefined,
  { exemptions: ExemptionOf[]; title?: string | undefined }
>

/** The same world and period as the first, so that the exemption is all that differs. */
async function exempt({ params, body, actor, services, ids }: ExemptContext): Promise<ReplayView> {
  return transact(services.on, actor, async (tx) => {
    const parent = await replayRow(tx, params.id)
    const { policies, withInForce, since, until } = parent.request
    const world: ReplayWorld = await keptWorld(tx, parent.world_sha256)
    const request = {
      policies: exempted(world, policies, withInForce, body.exemptions),
      withInForce,
      against: { what: 'policies' as const, policies: [...policies] },
      since,
      until,
    }
    checkReplay(request, world)
    return askReplay(tx, {
      id: ids('rpl'),
      awsOrganizationId: parent.aws_organization_id,
      title: body.title ?? parent.title,
      request,
      worldSha256: parent.world_sha256,
      parentId: parent.id,
      exemptions: body.exemptions,
    })
  })
}

/** The first lines of each table; days are all kept, since a chart needs them. */
function cut(result: ReplayResult, limit: number): ReplayResult {
  const { report } = result
  return {
    ...result,
    proposals: result.proposals.slice(0, limit),
    report: {
      ...report,
      denied: cutSection(report.denied, limit),
      unknown: { ...cutTables(report.unknown, limit), missing: report.unknown.missing.slice(0, limit) },
      against: report.against && {
        newlyDenied: cutSection(report.against.newlyDenied, limit),
        newlyAllowed: cutSection(report.against.newlyAllowed, limit),
      },
    },
  }
}

const cutSection = (section: ReportSectionView, limit: number): ReportSectionView => ({
  ...cutTables(section, limit),
  byStatement: section.byStatement.slice(0, limit),
})

function cutTables<T extends Omit<ReplayReport['unknown'], 'missing'>>(section: T, limit: number): T {
  return {
    ...section,
    byAccount: section.byAccount.slice(0, limit),
    byPrincipal: section.byPrincipal.slice(0, limit),
    byAction: section.byAction.slice(0, limit),
    byResource: section.byResource.slice(0, limit),
    groups: section.groups.slice(0, limit),
  }
}
