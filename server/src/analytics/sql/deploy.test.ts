import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../policy/parse/policy.ts'
import { atomRow } from '../replay/atoms.ts'
import { estateOf } from '../replay/estate.ts'
import { readTree } from '../replay/tree.ts'
import type { World } from '../replay/world.ts'
import { loadTables } from '../trail/tables.ts'
import { COLUMNS } from './columns.ts'
import { ATHENA } from './dialect.ts'
import { EVENT_COLUMNS, eventLines, eventRows } from './events.ts'
import { queryOf } from './query.ts'

const folder = (name: string) => new URL(`../../../../deploy/athena/${name}`, import.meta.url)
const read = (name: string) => readFileSync(folder(name), 'utf8')
const ddl = (name: string) =>
  [...read(name).matchAll(/^ {2}`(\w+)` (\S+?),?$/gm)].map(([, column, type]) => `${column} ${type}`)
const glue = (resource: string) => {
  const [, after = ''] = read('template.yaml').split(`\n  ${resource}:\n`)
  const [block = ''] = after.split(/\n {2}\w+:\n/)
  return [...block.matchAll(/^ {12}- \{ Name: (\w+), Type: (.+?) \}$/gm)].map(([, name, type]) => [
    name,
    type?.replace(/^'(.*)'$/, '$1'),
  ])
}
const named = (columns: readonly (readonly [string, string])[]) =>
  columns.map(([name, type]) => `${name} ${type}`)

describe('deploy/athena', () => {
  it('has the columns that facts and events are written with, as DDL and as Glue tables', () => {
    expect(ddl('facts.sql')).toEqual(named(COLUMNS))
    expect(glue('Facts')).toEqual(COLUMNS)
    expect(ddl('events.sql')).toEqual(named(EVENT_COLUMNS))
    expect(glue('Events')).toEqual(EVENT_COLUMNS)
  })

  it('has the same table of the trail as DDL and as Glue table', () => {
    const body = read('trail.sql').split('(\n')[1]?.split('\n)\nPARTITIONED')[0] ?? ''
    const wanted = body.split(/,\n {2}(?=`)/).map((line) => {
      const [, name, type = ''] = /`(\w+)` ([\s\S]+)$/.exec(line) ?? []
      return [name, type.replace(/\s+/g, '')]
    })
    expect(wanted.length).toBeGreaterThan(20)
    expect(glue('Trail')).toEqual(wanted)
  })
})

const parsed = (name: string, kind: 'scp' | 'rcp', Statement: object) => {
  const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement }, kind, { name })
  if (policy === null) throw new Error(JSON.stringify(problems))
  return policy
}

/** Every kind of operand that SQL has words for, so that a parser of Athena's SQL sees them all. */
function exampleWorld(): World {
  const guards = parsed('guards', 'scp', [
    {
      Sid: 'Regions',
      Effect: 'Deny',
      Action: ['ec2:Run*', 'lambda:Create*', 's3:CreateBucket'],
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:RequestedRegion': ['ap-northeast-1', 'ap-northeast-3'] },
        ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/AWSControlTowerExecution' },
      },
    },
    {
      Effect: 'Deny',
      Action: ['s3:Put*', 'ec2:RunInstances'],
      NotResource: ['arn:aws:s3:::public-*', 'arn:aws:ec2:*:*:instance/*'],
      Condition: {
        BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
        NumericLessThan: { 's3:TlsVersion': '1.2' },
        DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
        'ForAnyValue:StringLike': { 'aws:TagKeys': 'cost*' },
        Null: { 'aws:PrincipalTag/team': 'false' },
        StringEqualsIgnoreCase: { 'aws:PrincipalType': 'user' },
      },
    },
  ])
  const network = parsed('network', 'rcp', {
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*', 'kms:*'],
    Resource: '*',
    Condition: {
      NotIpAddressIfExists: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] },
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
    },
  })
  const tree = readTree(
    {
      organizationId: 'o-abcdefghij',
      managementAccount: '999988887777',
      root: { id: 'r-abcd', policies: ['network'] },
      ous: [{ id: 'ou-abcd-11111111', parent: 'r-abcd', policies: ['guards'] }],
      accounts: [{ id: '111122223333', parent: 'ou-abcd-11111111' }],
    },
    'tree',
  )
  const estate = estateOf([guards, network], tree)
  return { estate, row: atomRow(estate.policies), iam: loadTables().iam }
}

describe('queries for Athena', () => {
  const since = '2026-10-01'
  const until = '2026-10-31'

  // The files are read by another's parser of Athena's SQL: tools/athena/check.py, a step of .ci/run.
  it('over the facts and over the trail are those of deploy/athena/examples', async () => {
    const world = exampleWorld()
    const facts = queryOf({ dialect: ATHENA, world, question: 'groups', facts: 'rankan_facts', since, until })
    await expect(facts.sql).toMatchFileSnapshot(folder('examples/facts.sql').pathname)
    const raw = { trail: 'rankan_trail', events: 'rankan_events', tables: loadTables().tables }
    const accountsTable = 'rankan_accounts'
    const trail = queryOf({
      dialect: ATHENA,
      world,
      question: 'calls',
      facts: raw,
      accountsTable,
      since,
      until,
    })
    await expect(trail.sql).toMatchFileSnapshot(folder('examples/trail.sql').pathname)
  })

  it('find each event of the trail once, with every check that it stands for', { timeout: 60_000 }, () => {
    const rows = eventRows(loadTables())
    expect(
      new Set(rows.map(({ source, name, check_no, asked }) => `${source} ${name} ${check_no} ${asked}`)).size,
    ).toBe(rows.length)
    const checksOf = (source: string, name: string) =>
      rows
        .filter((row) => row.source === source && row.name === name)
        .map(({ asked, action }) => `${asked} ${action}`)
    expect(checksOf('monitoring', 'PutMetricAlarm')).toEqual([
      'always cloudwatch:PutMetricAlarm',
      'tags cloudwatch:TagResource',
    ])
    expect(checksOf('ec2', 'RunInstances')).toEqual([
      'always ec2:RunInstances',
      'value iam:PassRole',
      'tags ec2:CreateTags',
    ])
    expect(checksOf('s3', 'GetObject')).toEqual(['no_version s3:GetObject', 'version s3:GetObjectVersion'])
    expect(checksOf('kms', 'ReEncrypt')).toEqual(['always kms:ReEncryptFrom', 'always kms:ReEncryptTo'])
    expect(checksOf('dynamodb', 'TransactWriteItems')).toEqual([
      'choice dynamodb:PutItem',
      'choice dynamodb:UpdateItem',
      'choice dynamodb:DeleteItem',
      'choice dynamodb:ConditionCheckItem',
    ])
    expect(checksOf('autoscaling', 'PutScalingPolicy')).toEqual([
      'no_member autoscaling:PutScalingPolicy',
      'member application-autoscaling:PutScalingPolicy',
    ])
    expect(checksOf('autoscaling', 'RegisterScalableTarget')).toEqual([
      'always application-autoscaling:RegisterScalableTarget',
    ])
    expect(checksOf('sso', 'Authenticate')).toEqual([])
    const lines = eventLines(rows).trim().split('\n')
    expect(lines).toHaveLength(rows.length)
    for (const line of lines.slice(0, 100))
      expect(Object.keys(JSON.parse(line)).sort()).toEqual(EVENT_COLUMNS.map(([name]) => name).sort())
  })
})
