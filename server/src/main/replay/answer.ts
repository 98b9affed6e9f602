import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { folderDigests } from '../../analytics/digests/folder.ts'
import { replay } from '../../analytics/replay/answer.ts'
import { atomRow } from '../../analytics/replay/atoms.ts'
import { estateOf } from '../../analytics/replay/estate.ts'
import { proposalsOf } from '../../analytics/replay/exemption.ts'
import { readTree } from '../../analytics/replay/tree.ts'
import type { World } from '../../analytics/replay/world.ts'
import { type IngestReport, ingest } from '../../analytics/trail/ingest.ts'
import { folderSource, type TrailSource } from '../../analytics/trail/source.ts'
import { type LoadedTables, loadTables } from '../../analytics/trail/tables.ts'
import type { TrailPlace } from '../../cli/replay/places.ts'
import {
  EXPORTED_GROUPS,
  EXPORTED_LINES,
  type ReplayDigests,
  type ReplayPolicy,
  type ReplayProgress,
} from '../../domain/policies/replays.ts'
import { replayReport } from '../../domain/policies/report.ts'
import { attach } from '../../domain/policies/world.ts'
import type { TrailLocation } from '../../http/policies/replays.ts'
import { invalid, RankanError } from '../../kernel/errors.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import { MEANING_IS_PLAIN } from '../../policy/parse/problem.ts'
import type { Policy } from '../../policy/policies.ts'
import type { ReplayJob, ReplayOutcome } from '../../ports/replays.ts'
import { trailPlaces } from '../trail-places.ts'
import { digestsOf } from './digests.ts'
import { anewWhenBroken, lockWhenFree } from './facts.ts'
import { ingestView } from './ingest-view.ts'
import type { ToReplay } from './messages.ts'
import { keptReport, longTables } from './tables.ts'

type Start = Extract<ToReplay, { kind: 'start' }>
type Report = (progress: ReplayProgress) => void

const THREADS = 2
const PROPOSALS = 50
/** The worker wants to know about once a second; a thousand small files come in that time. */
const SAY_EVERY_MS = 250

/** Reads what is new of the trail into facts, and asks the facts. */
export async function answerReplay(
  { job, trail, factsDir, keysFile }: Start,
  onProgress: Report,
  signal: AbortSignal,
): Promise<ReplayOutcome> {
  const tables = loadTables()
  const dir = path.join(factsDir, folderOf(job, trail), tables.digest)
  const unlock = await lockWhenFree(dir, signal)
  try {
    const progress = progressOf(onProgress)
    const place = await open(job, trail)
    const { read, digests } = await readTrail(place, { job, trail, keysFile, dir }, progress, signal).finally(
      () => place.close(),
    )
    const report = await askFacts(job, dir, tables, progress, signal)
    return {
      ingest: { ...(await ingestView(dir, read)), digests },
      report: replayReport.parse(keptReport(report)),
      tables: longTables(report),
      proposals: proposalsOf(report, PROPOSALS).map((one) => structuredClone(one) as Proposal),
    }
  } finally {
    unlock()
  }
}
type Proposal = ReplayOutcome['proposals'][number]

/** Facts of one place: another place of the same AWS organisation has facts of its own. */
const folderOf = ({ awsOrganizationId }: ReplayJob, { location }: TrailLocation): string =>
  `${awsOrganizationId}-${createHash('sha256').update(location).digest('hex').slice(0, 12)}`

function progressOf(onProgress: Report) {
  let now: ReplayProgress = {
    phase: 'reading',
    filesTotal: null,
    filesRead: 0,
    eventsRead: 0,
    factsTotal: null,
    factsAsked: 0,
  }
  let said = 0
  return (change: Partial<ReplayProgress>) => {
    const isNewPhase = change.phase !== undefined && change.phase !== now.phase
    now = { ...now, ...change }
    if (!isNewPhase && performance.now() - said < SAY_EVERY_MS) return
    said = performance.now()
    onProgress(now)
  }
}
type Progress = ReturnType<typeof progressOf>

interface Reading extends Pick<Start, 'job' | 'trail' | 'keysFile'> {
  readonly dir: string
}

async function readTrail(
  place: TrailPlace,
  { job, trail, keysFile, dir }: Reading,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ readonly read: IngestReport; readonly digests: ReplayDigests | null }> {
  // Files of a bucket are not counted before they are read: a list of millions takes long.
  if (trail.kind === 'folder') progress({ filesTotal: await countOf(place.source) })
  const read = await anewWhenBroken(dir, () =>
    ingest({
      source: place.source,
      dir,
      threads: THREADS,
      signal,
      onProgress: ({ files, events }) => progress({ filesRead: files, eventsRead: events }),
    }),
  )
  // Every file of a bucket would be fetched a second time: only for who asked for it by giving the keys.
  if (trail.kind === 's3' && keysFile === null) return { read, digests: null }
  progress({ phase: 'checking' })
  return { read, digests: await digestsOf(place, job, keysFile, signal) }
}

async function open({ since, until }: ReplayJob, { kind, location }: TrailLocation): Promise<TrailPlace> {
  if (kind === 's3') return trailPlaces.s3(location, { since, until })
  const found = await stat(location).catch(() => null)
  if (found?.isDirectory() !== true)
    throw new RankanError(
      'not_found',
      'no_trail_files',
      `There is no folder \`${location}\` with CloudTrail files yet.`,
    )
  return { source: folderSource(location), ...folderDigests(location), close: () => undefined }
}

async function countOf(source: TrailSource): Promise<number> {
  let files = 0
  for await (const _ of source.list()) files++
  return files
}

function askFacts(
  job: ReplayJob,
  dir: string,
  tables: LoadedTables,
  progress: Progress,
  signal: AbortSignal,
) {
  progress({ phase: 'asking' })
  const world = (policies: readonly ReplayPolicy[], withInForce: boolean) =>
    worldOf(job, policies, withInForce, tables)
  const { against } = job
  return replay({
    dir,
    world: world(job.policies, job.withInForce),
    ...(against === null
      ? {}
      : {
          against: against.what === 'in_force' ? world([], true) : world(against.policies, job.withInForce),
        }),
    period: { since: job.since, until: job.until },
    limit: EXPORTED_LINES,
    groups: EXPORTED_GROUPS,
    signal,
    onProgress: (done, total) => progress({ factsAsked: done, factsTotal: total }),
  })
}

function worldOf(
  job: ReplayJob,
  policies: readonly ReplayPolicy[],
  withInForce: boolean,
  { iam }: LoadedTables,
): World {
  const input = attach(job.world, policies, withInForce)
  const estate = estateOf(input.policies.map(parsed), readTree(input.tree, job.awsOrganizationId))
  return { estate, row: atomRow(estate.policies), iam }
}

/** AWS has taken policies in force, whatever their `Sid`s look like. */
const TOLERATED = [...MEANING_IS_PLAIN, 'too_long']

function parsed({ name, kind, document }: ReturnType<typeof attach>['policies'][number]): Policy {
  const { policy, problems } = parsePolicy(document, kind, { name, tolerate: TOLERATED })
  if (policy !== null) return policy
  const issues = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, path: at }) => ({ path: [name, at], code, message }))
  throw invalid('bad_policy', `The policy \`${name}\` cannot be read.`, issues)
}
