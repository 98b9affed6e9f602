import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateTrail } from '../../../../bench/src/trail/generate.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import { replay } from '../replay/answer.ts'
import { atomRow } from '../replay/atoms.ts'
import { estateOf } from '../replay/estate.ts'
import type { Report } from '../replay/report.ts'
import { readTree } from '../replay/tree.ts'
import type { World } from '../replay/world.ts'
import { withDuckDb } from '../trail/facts.ts'
import { ingest } from '../trail/ingest.ts'
import { folderSource } from '../trail/source.ts'
import { loadTables } from '../trail/tables.ts'
import { exportFacts, tableSql } from './columns.ts'
import { DUCKDB } from './dialect.ts'
import { type Question, queryOf } from './query.ts'

let dir: string
let world: World
let report: Report
const at = (name: string) => path.join(dir, name)

const parsed = (name: string, kind: 'scp' | 'rcp', Statement: object) => {
  const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement }, kind, { name })
  if (policy === null) throw new Error(JSON.stringify(problems))
  return policy
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sql-table-'))
  await generateTrail({ dir: at('trail'), seed: 5, events: 3_000, accounts: 4 })
  // Several parts: a call of one shape may lie in more than one.
  const source = folderSource(at('trail'))
  await ingest({ source, dir: at('facts'), threads: 0, partBytes: 200_000 })
  const scp = parsed('guards', 'scp', [
    {
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'ap-northeast-1' } },
    },
    {
      Sid: 'Tagged',
      Effect: 'Deny',
      Action: ['s3:*', 'ec2:RunInstances'],
      Resource: 'arn:aws:*:*:*:*',
      Condition: {
        StringNotEquals: { 'aws:PrincipalTag/team': 'red' },
        StringLike: { 'ec2:InstanceType': '*' },
      },
    },
  ])
  const rcp = parsed('network', 'rcp', {
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*', 'kms:*'],
    Resource: '*',
    Condition: { NotIpAddressIfExists: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.0.0/8'] } },
  })
  const accounts = [0, 1, 2].map((n) => ({
    id: String(111_122_223_333 + n * 7_919_003),
    parent: n === 0 ? 'ou-1' : 'r-1',
    policies: n === 1 ? ['network'] : [],
  }))
  const tree = readTree(
    {
      managementAccount: accounts[2]?.id,
      root: { id: 'r-1', policies: [] },
      ous: [{ id: 'ou-1', parent: 'r-1', policies: ['guards'] }],
      accounts,
    },
    'tree',
  )
  const estate = estateOf([scp, rcp], tree)
  world = { estate, row: atomRow(estate.policies), iam: loadTables().iam }
  const period = { since: null, until: null }
  report = await replay({ dir: at('facts'), world, period, limit: 10_000 })
}, 120_000)
afterAll(() => rm(dir, { recursive: true }))

const ask = (question: Question, facts: string) =>
  withDuckDb(at('spill'), (run) => run(queryOf({ dialect: DUCKDB, world, question, facts }).sql))

async function callsOf(facts: string) {
  const rows = await ask('calls', facts)
  return Object.fromEntries(
    rows.map((row) => [String(row.verdict), [Number(row.calls), Number(row.already)]]),
  )
}

it('the query counts what replay counts, on a folder of facts and on the table', {
  timeout: 120_000,
}, async () => {
  const wanted = {
    allowed: [report.allowed, expect.any(Number)],
    denied: [report.denied.calls, report.denied.already],
    unknown: [report.unknown.calls, report.unknown.already],
  }
  expect(report.denied.calls).toBeGreaterThan(50)
  expect(await callsOf(tableSql(at('facts')))).toEqual(wanted)
  expect(await exportFacts(at('facts'), at('table'))).toBeGreaterThan(1_000)
  const table = `read_parquet('${at('table')}/*/*.parquet', hive_partitioning = true, hive_types_autocast = false)`
  expect(await callsOf(table)).toEqual(wanted)
})

it('the query names whom which statements deny as replay does', { timeout: 120_000 }, async () => {
  const rows = await ask('groups', tableSql(at('facts')))
  const found = new Map<string, number>()
  for (const { verdict, caller, action, statements, calls } of rows) {
    if (verdict !== 'denied') continue
    const key = `${caller} ${action} ${statements}`
    found.set(key, (found.get(key) ?? 0) + Number(calls))
  }
  const wanted = report.denied.groups.map(
    (group) =>
      [
        `${group.principal} ${group.action} ${group.statements.map(({ policy, index, sid }) => `${policy} #${index + 1}${sid === null ? '' : ` ${sid}`}`).join(',')}`,
        group.calls,
      ] as const,
  )
  for (const [key, calls] of wanted) expect([key, found.get(key)]).toEqual([key, calls])
  expect(wanted.length).toBeGreaterThan(20)
})
