import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateTrail } from '../../../../bench/src/trail/generate.ts'
import { evaluate } from '../../policy/compile/evaluate.ts'
import { scpApplies } from '../../policy/evaluate/exempt.ts'
import { evaluateNaively } from '../../policy/evaluate/naive/evaluate.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import { VIEWS } from '../trail/collect.ts'
import { flatSql, withDuckDb } from '../trail/facts.ts'
import { ingest } from '../trail/ingest.ts'
import { folderSource } from '../trail/source.ts'
import { loadTables } from '../trail/tables.ts'
import { replay } from './answer.ts'
import { atomRow } from './atoms.ts'
import { askOf, readPart } from './check.ts'
import { estateOf } from './estate.ts'
import type { Report } from './report.ts'
import type { World } from './world.ts'

const { iam } = loadTables()
let root: string

const scp = (name: string, ...statements: object[]): Policy => policyOf(name, 'scp', statements)
const policyOf = (name: string, kind: 'scp' | 'rcp', Statement: object[]): Policy => {
  const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement }, kind, { name })
  if (policy === null) throw new Error(JSON.stringify(problems))
  return policy
}

const REGIONS = scp('regions', {
  Sid: 'DenyRegions',
  Effect: 'Deny',
  NotAction: ['iam:*', 'sts:*', 'organizations:*'],
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': ['ap-northeast-1'] } },
})
const GUARDS = scp(
  'guards',
  { Sid: 'NoKeys', Effect: 'Deny', Action: ['ec2:*', 'kms:Decrypt'], Resource: 'arn:aws:*:*:*:*/*' },
  {
    Sid: 'Tagged',
    Effect: 'Deny',
    Action: ['s3:*', 'lambda:*'],
    Resource: '*',
    Condition: {
      StringNotEquals: { 'aws:PrincipalTag/team': 'red' },
      Bool: { 'aws:ViaAWSService': 'false' },
    },
  },
)
const NETWORK = policyOf('network', 'rcp', [
  {
    Sid: 'NetworkPerimeter',
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*', 'sts:*', 'kms:*'],
    Resource: '*',
    Condition: {
      NotIpAddressIfExists: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.0.0/8'] },
      BoolIfExists: { 'aws:ViaAWSService': 'false' },
    },
  },
])
const worldOf = (...policies: Policy[]): World => {
  const estate = estateOf(policies, null)
  return { estate, row: atomRow(estate.policies), iam }
}
const ALL = { since: null, until: null }
const run = (world: World, against?: World): Promise<Report> =>
  replay({ dir: path.join(root, 'facts'), world, against, period: ALL, limit: 10_000 })

/** The same answer the slow and obvious way: every fact through an engine. */
async function slowly(world: World, engine: typeof evaluate) {
  const rows = await withDuckDb(path.join(root, 'spill'), (sql) =>
    sql(`select check_no, cast(shape as varchar) as shape, cast(day as varchar) as day, seen, action, resource, principal, region, network,
      context, error, cast(sum(count) as double) as n from ${flatSql(path.join(root, 'facts'))} where kind is not null group by all`),
  )
  const rank = { allowed: 0, unknown: 1, denied: 2 }
  const calls = new Map<string, { n: number; verdict: keyof typeof rank; already: boolean }>()
  const actions = new Map<string, Set<string>>()
  const exempt = new Map<string, Map<string, number>>()
  for (const row of rows) {
    const parts = {
      context: readPart('context', String(row.context)),
      principal: readPart('principal', String(row.principal)),
      network: readPart('network', String(row.network)),
      resource: readPart('resource', String(row.resource)),
      region: String(row.region),
      action: String(row.action),
    }
    const { request, set } = askOf(
      parts,
      VIEWS[Number(row.seen)] ?? 'both',
      world.estate,
      world.row.keys,
      iam,
    )
    const decision = engine(request, set)
    const key = `${row.shape} ${row.day}`
    const reason =
      VIEWS[Number(row.seen)] === 'owner' ? null : scpApplies({ ...request, action: 'x:x' }).exempt
    if (reason !== null) exempt.set(reason, (exempt.get(reason) ?? new Map()).set(key, Number(row.n)))
    const known = calls.get(key)
    if (known === undefined || rank[known.verdict] < rank[decision.verdict])
      calls.set(key, {
        n: Number(row.n),
        verdict: decision.verdict,
        already: String(row.error).includes('"denied":true'),
      })
    if (decision.verdict === 'denied')
      actions.set(parts.action, (actions.get(parts.action) ?? new Set()).add(key))
  }
  const sum = (verdict: string, already = false) =>
    [...calls.values()].reduce(
      (n, one) => n + (one.verdict === verdict && (!already || one.already) ? one.n : 0),
      0,
    )
  return {
    allowed: sum('allowed'),
    unknown: sum('unknown'),
    denied: sum('denied'),
    already: sum('denied', true),
    exempt: Object.fromEntries(
      [...exempt].map(([reason, keys]) => [reason, [...keys.values()].reduce((n, one) => n + one, 0)]),
    ),
    byAction: Object.fromEntries(
      [...actions].map(([action, keys]) => [
        action,
        [...keys].reduce((n, key) => n + (calls.get(key)?.n ?? 0), 0),
      ]),
    ),
  }
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'rankan-replay-'))
  await generateTrail({
    dir: path.join(root, 'trail'),
    seed: 3,
    events: 2000,
    accounts: 4,
    days: 2,
    eventsPerFile: 150,
    callers: 12,
  })
  await ingest({
    source: folderSource(path.join(root, 'trail')),
    dir: path.join(root, 'facts'),
    threads: 0,
    partBytes: 100_000,
  })
}, 60_000)
afterAll(() => rm(root, { recursive: true, force: true }))

describe('replay', () => {
  it('equals both engines on every fact, over several parts', { timeout: 60_000 }, async () => {
    const world = worldOf(REGIONS, GUARDS, NETWORK)
    const report = await run(world)
    const shown = {
      allowed: report.allowed,
      unknown: report.unknown.calls,
      denied: report.denied.calls,
      already: report.denied.already,
      exempt: report.exempt,
      byAction: Object.fromEntries(report.denied.byAction.map(({ value, calls }) => [value, calls])),
    }
    for (const engine of [evaluate, evaluateNaively]) expect(shown).toEqual(await slowly(world, engine))
    expect(Math.min(shown.allowed, shown.unknown, shown.denied, shown.already)).toBeGreaterThan(0)
    expect(report.events).toBe(2000)
    expect(Object.keys(report.exempt)).toEqual(['service_linked_role'])
  })

  it('says who, when and why, with a sample that the engine explains', { timeout: 60_000 }, async () => {
    const { denied, unknown } = await run(worldOf(REGIONS, GUARDS))
    const total = (lines: readonly { calls: number }[]) => lines.reduce((n, { calls }) => n + calls, 0)
    for (const lines of [denied.byDay, denied.byAccount, denied.byPrincipal])
      expect(total(lines)).toBe(denied.calls)
    expect(denied.byDay).toHaveLength(2)
    expect(denied.byStatement.map(({ value }) => value)).toContain('regions DenyRegions')
    for (const { sample, statements } of denied.groups) {
      expect(sample.explanation[0]?.en).toBe('This call is denied.')
      expect(sample.eventId).toMatch(/^[0-9a-f-]{36}$/)
      expect(statements.length).toBeGreaterThan(0)
    }
    expect(unknown.missing[0]).toEqual({
      missing: { what: 'context', key: 'aws:principaltag/team' },
      calls: unknown.calls,
    })
  })

  it('compares two versions: what one adds the other takes away', { timeout: 60_000 }, async () => {
    const [old, next] = [worldOf(REGIONS), worldOf(GUARDS)]
    const [forth, back] = [await run(next, old), await run(old, next)]
    expect(forth.against?.newlyDenied.calls).toBe(back.against?.newlyAllowed.calls)
    expect(forth.against?.newlyAllowed.calls).toBe(back.against?.newlyDenied.calls)
    expect(forth.denied.calls - back.denied.calls).toBe(
      (forth.against?.newlyDenied.calls ?? 0) - (forth.against?.newlyAllowed.calls ?? 0),
    )
    expect(forth.against?.newlyDenied.calls).toBeGreaterThan(0)
    expect((await run(old, old)).against?.newlyDenied.calls).toBe(0)
  })

  it('tells how far it is, and ends with the reason when it is aborted', { timeout: 60_000 }, async () => {
    const asked = { dir: path.join(root, 'facts'), world: worldOf(REGIONS), period: ALL, limit: 10 }
    const told: (readonly [number, number])[] = []
    await replay({ ...asked, onProgress: (...one) => told.push(one) })
    expect(told.length, 'a part each').toBeGreaterThan(1)
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b))
    const [done, total] = told.at(-1) ?? []
    expect(done).toBe(total)
    expect(done).toBeGreaterThan(0)
    const stop = new AbortController()
    let parts = 0
    const stopped = replay({
      ...asked,
      signal: stop.signal,
      onProgress: () => {
        parts++
        stop.abort(new Error('enough'))
      },
    })
    await expect(stopped).rejects.toThrow('enough')
    expect(parts).toBe(1)
  })

  it('keeps to the period', { timeout: 60_000 }, async () => {
    const world = worldOf(REGIONS)
    const whole = await run(world)
    const [first, second] = ['2026-10-01', '2026-10-02']
    const one = await replay({
      dir: path.join(root, 'facts'),
      world,
      period: { since: first, until: first },
      limit: 10,
    })
    const two = await replay({
      dir: path.join(root, 'facts'),
      world,
      period: { since: second, until: null },
      limit: 10,
    })
    expect(one.calls + two.calls).toBe(whole.calls)
    expect(one.denied.calls + two.denied.calls).toBe(whole.denied.calls)
    for (const [reason, calls] of Object.entries(whole.exempt))
      expect((one.exempt[reason] ?? 0) + (two.exempt[reason] ?? 0)).toBe(calls)
  })
})
