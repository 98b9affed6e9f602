import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { runSimulation } from '@cloud-copilot/iam-simulate'
import type { Json } from '../../../server/src/kernel/json.ts'
import { seededRandom } from '../../../server/src/kernel/random.ts'
import type { TrailRequest, TrailView } from '../../../server/src/policy/trail/requests.ts'
import { loadServerFile } from '../server.ts'
import { filesOf } from './files.ts'
import type { PhaseInput, PhaseResult } from './phases.ts'
import type { BenchWorld } from './world.ts'

/** Records that are asked once before the clock runs, so that the peer's code is compiled as ours is. */
const WARM_UP = 100

/**
 * The same statements asked of `@cloud-copilot/iam-simulate`, for a sample of the records: how fast it is and where it says
 * something else than replay. It is called as its documentation shows, once for each check of a record. Its time is that of its
 * calls alone, and records of which it is asked nothing do not count as its events.
 *
 * Not compared, because the peer has no words for it: checks that we call unknown (the peer takes an unknown key to be
 * absent), callers that are no ARN (services, anonymous), service-linked roles (the peer asks SCPs for them), and checks
 * whose resource the record does not tell or tells only by a pattern.
 */
export async function peerPhase(
  input: PhaseInput,
  world: BenchWorld,
  documents: ReadonlyMap<string, object>,
): Promise<PhaseResult['told']> {
  const { read, decide, askOf } = await oursFor(world)
  const asked = (await sampleOf(input)).map((record) => {
    const outcome = read(record)
    if (outcome.kind === 'skipped') return []
    return outcome.requests.map((request) => ({
      request,
      ours: decide(request, outcome.view),
      question: questionFor(request, outcome.view, world, documents, askOf),
    }))
  })
  for (const checks of asked.slice(0, WARM_UP))
    for (const { question } of checks) if (question !== null) await verdictOf(question)
  const disagreements: string[] = []
  let [peerMs, events, compared, notComparable] = [0, 0, 0, 0]
  for (const checks of asked) {
    if (checks.some(({ question }) => question !== null)) events++
    for (const { request, ours, question } of checks) {
      const begun = process.cpuUsage()
      const theirs = question === null ? null : await verdictOf(question)
      const { user, system } = process.cpuUsage(begun)
      if (question !== null) peerMs += (user + system) / 1000
      if (theirs === null || ours === 'unknown') notComparable++
      else if (++compared > 0 && theirs !== ours)
        disagreements.push(`${ours}, peer ${theirs}: ${JSON.stringify(request)}`)
    }
  }
  return {
    events,
    peer_ms: peerMs,
    compared,
    not_comparable: notComparable,
    facts: await factsOf(input.facts),
    disagreements,
  }
}

const factsOf = async (dir: string): Promise<number> => {
  const { withDuckDb, factsSql } =
    await loadServerFile<typeof import('../../../server/src/analytics/trail/facts.ts')>(
      'analytics/trail/facts.js',
    )
  const [row] = await withDuckDb(`${dir}/work/spill`, (run) =>
    run(`select cast(count(*) as double) as n from ${factsSql(dir)} where check_no = 0`),
  )
  return Number(row?.n ?? 0)
}

type Verdict = 'allowed' | 'denied' | 'unknown'
type AskOf = typeof import('../../../server/src/analytics/replay/check.ts')['askOf']

/** The way that replay decides: classes and rows of bits, not the whole engine. */
async function oursFor(world: BenchWorld) {
  const [{ trailReader }, { loadTables }, { classesOf }, { decider, DENIED, ALLOWED }, { PARTS, askOf }] =
    await Promise.all([
      loadServerFile<typeof import('../../../server/src/policy/trail/requests.ts')>(
        'policy/trail/requests.js',
      ),
      loadServerFile<typeof import('../../../server/src/analytics/trail/tables.ts')>(
        'analytics/trail/tables.js',
      ),
      loadServerFile<typeof import('../../../server/src/analytics/replay/classes.ts')>(
        'analytics/replay/classes.js',
      ),
      loadServerFile<typeof import('../../../server/src/analytics/replay/decide.ts')>(
        'analytics/replay/decide.js',
      ),
      loadServerFile<typeof import('../../../server/src/analytics/replay/check.ts')>(
        'analytics/replay/check.js',
      ),
    ])
  const { tables, iam } = loadTables()
  const classes = classesOf(world)
  const decideTuple = decider(world, classes)
  const decide = ({ check, caller, region, network }: TrailRequest, seen: TrailView): Verdict => {
    const parts = {
      context: check.keys,
      principal: caller,
      network,
      resource: { arn: check.resource, account: check.account, assumed: check.assumed },
      region,
      action: check.action,
    }
    const { verdict } = decideTuple(
      PARTS.map((part) => classes.classOf(part, parts[part])),
      seen,
    )
    return verdict === DENIED ? 'denied' : verdict === ALLOWED ? 'allowed' : 'unknown'
  }
  const reader = trailReader(tables, iam)
  return { read: reader.read, decide, askOf }
}

/** A few records out of every so many files, so that all accounts are in it. */
async function sampleOf({ trail, sample, seed }: PhaseInput): Promise<readonly Json[]> {
  const random = seededRandom(seed)
  const files = await filesOf(trail)
  const records: Json[] = []
  while (records.length < sample) {
    const file = files[Math.floor(random.next() * files.length)] as string
    const { Records } = JSON.parse(gunzipSync(await readFile(file)).toString('utf8')) as { Records: Json[] }
    for (let i = 0; i < 10 && records.length < sample; i++)
      records.push(Records[Math.floor(random.next() * Records.length)] as Json)
  }
  return records
}

const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' }
const GRANT = { Version: '2012-10-17', Statement: [ALLOW] }
const RESOURCE_GRANT = { Version: '2012-10-17', Statement: [{ ...ALLOW, Principal: '*' }] }

type Question = Parameters<typeof runSimulation>[0]

/** One check as the peer wants it, or `null` where it has no words for it. */
function questionFor(
  request: TrailRequest,
  seen: TrailView,
  world: BenchWorld,
  documents: ReadonlyMap<string, object>,
  askOf: AskOf,
): Question | null {
  const { check, caller } = request
  const { principal } = caller
  const arn = principal.sessionArn ?? principal.arn
  if (arn === null || principal.type === 'service_linked_role' || check.resource === null) return null
  if (check.resource !== '*' && check.resource.includes('*')) return null
  const { set, request: asked } = askOf(
    {
      context: check.keys,
      principal: caller,
      network: request.network,
      resource: { arn: check.resource, account: check.account, assumed: check.assumed },
      region: request.region,
      action: check.action,
    },
    seen,
    world.estate,
    world.row.keys,
    world.iam,
  )
  const levels = (found: typeof set.scps) =>
    found === 'unknown'
      ? []
      : found.map(({ target, policies }) => ({
          orgIdentifier: target,
          policies: policies.map(({ name }) => ({ name, policy: documents.get(name) ?? GRANT })),
        }))
  const context = Object.fromEntries(
    [...asked.context].flatMap(([key, entry]): [string, string | string[]][] => {
      if (entry.state !== 'known') return []
      const [only = ''] = entry.values
      return [[key, entry.values.length === 1 ? only : [...entry.values]]]
    }),
  )
  return {
    request: {
      principal: arn,
      action: check.action,
      resource: { resource: check.resource, accountId: check.account ?? principal.account ?? '' },
      contextVariables: context,
    },
    identityPolicies: [{ name: 'all', policy: GRANT }],
    serviceControlPolicies: levels(set.scps),
    resourceControlPolicies: levels(set.rcps),
    resourcePolicy: check.resource === '*' ? undefined : RESOURCE_GRANT,
  }
}

/** The peer's answer, or `null` where it has none. */
async function verdictOf(question: Question): Promise<Verdict | null> {
  const result = await runSimulation(question, {})
  if (result.resultType === 'error') return null
  return result.overallResult === 'Allowed' ? 'allowed' : 'denied'
}
