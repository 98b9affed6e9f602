import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateTrail } from '../../../../bench/src/trail/generate.ts'
import type { Json } from '../../kernel/json.ts'
import { evaluate } from '../../policy/compile/evaluate.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import cases from '../../policy/trail/events.cases.json' with { type: 'json' }
import { trailReader } from '../../policy/trail/requests.ts'
import { all, any, not } from '../../policy/truth.ts'
import { atomRow } from '../replay/atoms.ts'
import { askOf } from '../replay/check.ts'
import { estateOf } from '../replay/estate.ts'
import { readTree } from '../replay/tree.ts'
import type { World } from '../replay/world.ts'
import { withDuckDb } from '../trail/facts.ts'
import { loadTables } from '../trail/tables.ts'
import { ATHENA, DUCKDB } from './dialect.ts'
import { EVENT_COLUMNS, eventLines, eventRows } from './events.ts'
import { queryOf } from './query.ts'
import { columnsOf, duckColumns, rowOf } from './testing.ts'

const loaded = loadTables()
const { read } = trailReader(loaded.tables, loaded.iam)
type Verdict = 'allowed' | 'unknown' | 'denied' | 'skipped'

let dir: string
const at = (name: string) => path.join(dir, name)
let records: readonly Record<string, Json>[] = []

const BASE = {
  eventType: 'AwsApiCall',
  eventTime: '2026-10-01T01:02:03Z',
  awsRegion: 'ap-northeast-1',
  recipientAccountId: '111122223333',
  sourceIPAddress: '203.0.113.7',
  userIdentity: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/u',
    accountId: '111122223333',
    userName: 'u',
    principalId: 'AIDA1',
  },
}

const of = (source: string, eventName: string, requestParameters: Json): Record<string, Json> => ({
  eventSource: `${source}.amazonaws.com`,
  eventName,
  requestParameters,
})
const statements = (...all: readonly string[]): Json => ({
  requestItems: all.map((statement) => ({ statement })),
})
const items = (...operations: readonly Json[]): Json => ({
  requestItems: operations.map((operation) => ({ operation, tableName: 'T' })),
})

/** Parameters that choose the action, that choose none, or that hide which. */
const CHOICES: readonly Record<string, Json>[] = [
  of('dynamodb', 'TransactWriteItems', items('Put', 'Delete', 'Put')),
  of('dynamodb', 'TransactWriteItems', items('Delete', 'ConditionCheck')),
  of('dynamodb', 'TransactWriteItems', items('Update', 'Merge')),
  of('dynamodb', 'TransactWriteItems', items('Put', '***')),
  of('dynamodb', 'TransactWriteItems', { omitted: true, originalSize: 200_000 }),
  of('dynamodb', 'TransactWriteItems', { requestItems: [] }),
  of('dynamodb', 'TransactWriteItems', null),
  of('dynamodb', 'ExecuteStatement', { statement: ' \n\tselect * from "T"' }),
  of('dynamodb', 'ExecuteStatement', { statement: '-- a comment\nSELECT * FROM "T"' }),
  of('dynamodb', 'ExecuteStatement', { statement: '**********' }),
  of('dynamodb', 'BatchExecuteStatement', statements('SELECT * FROM "T"', 'INSERT INTO "T" VALUE {}')),
  of('dynamodb', 'ExecuteTransaction', statements('DELETE FROM "T"', 'EXISTS(SELECT * FROM "T")')),
  of('dynamodb', 'ExecuteTransaction', statements('DELETE FROM "T"', 'DROP TABLE "T"')),
  of('autoscaling', 'PutScalingPolicy', { serviceNamespace: 'ecs', resourceId: 'service/c/s' }),
  of('autoscaling', 'PutScalingPolicy', { serviceNamespace: null, autoScalingGroupName: 'g' }),
  of('autoscaling', 'PutScalingPolicy', { autoScalingGroupName: 'g', policyName: 'p' }),
  of('autoscaling', 'DescribeScalingActivities', { omitted: true }),
  of('s3', 'GetObject', { bucketName: 'b', key: 'k', versionId: 'v', note: { GetObjectRequest: 1 } }),
]

/** Callers and origins in all their kinds, on the events of the corpus. */
const identity: fc.Arbitrary<Json> = fc.record(
  {
    type: fc.constantFrom(
      'Root',
      'IAMUser',
      'AssumedRole',
      'Role',
      'FederatedUser',
      'AWSService',
      'AWSAccount',
      'WebIdentityUser',
      'SAMLUser',
      'Directory',
      'Unknown',
      '',
    ),
    principalId: fc.constantFrom('AIDA1', 'AROA1:session', 'anonymous', 'cognito:pool:1'),
    arn: fc.constantFrom(
      'arn:aws:iam::111122223333:user/u',
      'arn:aws:sts::111122223333:assumed-role/Worker/run',
      'arn:aws:iam::444455556666:role/service-role/Worker',
      'arn:aws:iam::444455556666:role/aws-service-role/x.amazonaws.com/Linked',
    ),
    accountId: fc.constantFrom('111122223333', '444455556666', 'anonymous', 'ANONYMOUS_PRINCIPAL'),
    invokedBy: fc.constantFrom(
      'cloudformation.amazonaws.com',
      'AWS Internal',
      'ec2.amazonaws.com.cn',
      'signin.amazonaws.com',
      'signin',
    ),
    userName: fc.constantFrom('u', 'alice'),
    identityProvider: fc.constantFrom('accounts.example.com', 'arn:aws:iam::111122223333:saml-provider/x'),
    sessionContext: fc.record(
      {
        attributes: fc.record(
          {
            mfaAuthenticated: fc.constantFrom('true', 'false'),
            creationDate: fc.constant('2026-10-01T00:00:00Z'),
          },
          { requiredKeys: ['creationDate'] },
        ),
        sessionIssuer: fc.record({
          type: fc.constant('Role'),
          arn: fc.constantFrom(
            'arn:aws:iam::111122223333:role/app/Worker',
            'arn:aws:iam::444455556666:role/service-role/Batch',
            'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/Linked',
          ),
        }),
        sourceIdentity: fc.constantFrom('alice'),
        ec2RoleDelivery: fc.constantFrom('1.0', '2.0'),
        assumedRoot: fc.constantFrom('true'),
        webIdFederationData: fc.record({ federatedProvider: fc.constant('accounts.example.com') }),
      },
      { requiredKeys: ['attributes'] },
    ),
  },
  { requiredKeys: ['type'] },
)
const origin: fc.Arbitrary<Record<string, Json>> = fc.record(
  {
    sourceIPAddress: fc.constantFrom(
      '203.0.113.7',
      '2001:db8::1',
      'cloudformation.amazonaws.com',
      'AWS Internal',
    ),
    userAgent: fc.constantFrom('aws-cli/2', 'x'.repeat(700)),
    vpcEndpointId: fc.constantFrom('vpce-1'),
    vpcEndpointAccountId: fc.constantFrom('111122223333'),
    tlsDetails: fc.record({ tlsVersion: fc.constantFrom('TLSv1', 'TLSv1.2', 'TLSv1.3', 'SSL') }),
    sharedEventID: fc.constantFrom('shared-1'),
    recipientAccountId: fc.constantFrom('111122223333', '444455556666'),
    awsRegion: fc.constantFrom('ap-northeast-1', 'us-east-1'),
    errorCode: fc.constantFrom(
      'AccessDenied',
      'Client.UnauthorizedOperation',
      'AuthorizationErrorException',
      'NoSuchBucket',
    ),
    eventType: fc.constantFrom('AwsApiCall', 'Rds Data Service', 'AwsServiceEvent', 'AwsConsoleSignIn'),
  },
  { requiredKeys: [] },
)

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sql-raw-'))
  await generateTrail({ dir: at('trail'), seed: 7, events: 150, accounts: 4 })
  const files = (await readdir(at('trail'), { recursive: true })).filter((name) => name.endsWith('.json.gz'))
  const generated: Record<string, Json>[] = []
  for (const name of files) {
    const text = gunzipSync(await readFile(path.join(at('trail'), name))).toString('utf8')
    generated.push(...(JSON.parse(text) as { Records: Record<string, Json>[] }).Records)
  }
  const known = (cases as unknown as readonly { event: Record<string, Json> }[]).map(({ event }) => event)
  const corpus = [...known, ...CHOICES].map((event) => ({ ...BASE, ...event }))
  const varied = fc
    .sample(fc.tuple(fc.nat(), identity, origin), { seed: 3, numRuns: 250 })
    .map(([n, who, where]) => {
      const event = n % 3 === 0 ? generated[n % generated.length] : corpus[n % corpus.length]
      return { ...event, userIdentity: who, ...where }
    })
  records = [...generated, ...corpus, ...varied].map((record, n) => ({ ...record, eventID: `e-${n}` }))
  await writeFile(at('records.jsonl'), records.map((one) => `${JSON.stringify(rowOf(one))}\n`).join(''))
  await writeFile(at('events.json'), eventLines(eventRows(loaded)))
}, 120_000)
afterAll(() => rm(dir, { recursive: true }))

const parsed = (name: string, kind: 'scp' | 'rcp', Statement: object): Policy => {
  const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement }, kind, { name })
  if (policy === null) throw new Error(JSON.stringify(problems))
  return policy
}
const deny = (more: object) => ({ Effect: 'Deny', Action: '*', Resource: '*', ...more })
const when = (operator: string, key: string, value: string | readonly string[]) => ({
  Condition: { [operator]: { [key]: value } },
})

/** Every key that a record tells, each in a statement of its own, and actions, resources and owners beside them. */
const POLICIES: readonly Policy[] = [
  parsed('regions', 'scp', [
    deny({
      Action: undefined,
      NotAction: ['iam:*', 'sts:*'],
      ...when('StringNotEquals', 'aws:RequestedRegion', 'ap-northeast-1'),
    }),
  ]),
  parsed('actions', 'scp', [
    deny({
      Action: [
        'iam:PassRole',
        'ec2:CreateTags',
        's3:GetObjectVersion',
        'kms:ReEncryptFrom',
        'dynamodb:DeleteItem',
        'dynamodb:PartiQLInsert',
        'application-autoscaling:PutScalingPolicy',
        'organizations:LeaveOrganization',
      ],
    }),
    deny({ Action: ['s3:Put*', 'lambda:CreateFunction*'], Resource: 'arn:aws:s3:::secret*' }),
    deny({ Action: 'ec2:RunInstances', ...when('StringNotEquals', 'ec2:InstanceType', 't3.micro') }),
  ]),
  ...(
    [
      ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/app/*'],
      ['StringEquals', 'aws:PrincipalType', ['User', 'Account']],
      ['StringNotEqualsIfExists', 'aws:PrincipalAccount', '111122223333'],
      ['StringLike', 'aws:userid', '*:session'],
      ['StringEquals', 'aws:username', 'alice'],
      ['Bool', 'aws:PrincipalIsAWSService', 'true'],
      ['Bool', 'aws:MultiFactorAuthPresent', 'false'],
      ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false'],
      ['Null', 'aws:SourceIdentity', 'true'],
      ['NumericLessThan', 'ec2:RoleDelivery', '2.0'],
      ['Null', 'aws:AssumedRoot', 'false'],
      ['StringEquals', 'aws:FederatedProvider', 'accounts.example.com'],
      ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'],
      ['NotIpAddressIfExists', 'aws:SourceIp', '203.0.113.0/24'],
      ['StringNotEquals', 'aws:SourceVpce', 'vpce-2'],
      ['Null', 'aws:VpcSourceIp', 'false'],
      ['StringEquals', 'aws:VpceAccount', '111122223333'],
      ['Bool', 'aws:SecureTransport', 'true'],
      ['NumericLessThan', 's3:TlsVersion', '1.2'],
      ['Bool', 'aws:ViaAWSService', 'true'],
      ['StringEquals', 'aws:CalledViaLast', 'cloudformation.amazonaws.com'],
      ['Null', 'aws:CalledVia', 'false'],
      ['Null', 'aws:SourceArn', 'false'],
      ['StringLike', 'aws:UserAgent', 'aws-cli*'],
      ['StringEquals', 'aws:PrincipalTag/team', 'red'],
      ['Null', 'aws:PrincipalTag/team', 'true'],
      ['StringEquals', 'aws:PrincipalOrgID', 'o-abcdefghij'],
      ['StringEquals', 'aws:ResourceAccount', '111122223333'],
      ['StringEquals', 'aws:RequestTag/team', 'red'],
    ] as const
  ).map(([operator, key, value], n) => parsed(`key-${n} ${key}`, 'scp', [deny(when(operator, key, value))])),
  parsed('network', 'rcp', [
    deny({
      Principal: '*',
      Action: ['s3:*', 'kms:*'],
      ...when('NotIpAddressIfExists', 'aws:SourceIp', '10.0.0.0/8'),
    }),
  ]),
]

const treeOf = (name: string) =>
  readTree(
    {
      organizationId: 'o-abcdefghij',
      managementAccount: '444455556666',
      root: { id: 'r-1', policies: [name] },
      accounts: ['111122223333', '444455556666'].map((id) => ({ id, parent: 'r-1' })),
    },
    'tree',
  )
const worldOf = (policy: Policy, inTree: boolean): World => {
  const estate = estateOf([policy], inTree ? treeOf(policy.name) : null)
  return { estate, row: atomRow(estate.policies), iam: loaded.iam }
}

const WORST: readonly Verdict[] = ['allowed', 'unknown', 'denied']

/** What the reader of trails and the engine say of each record. */
function byEngine(world: World): readonly Verdict[] {
  return records.map((record) => {
    const outcome = read(record)
    if (outcome.kind === 'skipped') return 'skipped'
    const codes = outcome.requests.map(({ check, caller, region, network }) => {
      const parts = {
        context: check.keys,
        principal: caller,
        network,
        resource: { arn: check.resource, account: check.account, assumed: check.assumed },
        region,
        action: check.action,
      }
      const { request, set } = askOf(parts, outcome.view, world.estate, world.row.keys, loaded.iam)
      const decision = evaluate(request, set)
      if (decision.why === 'no_permission_needed') return 0
      const truth = all([
        not(any(decision.layers.map(({ explicitDeny }) => explicitDeny))),
        ...decision.layers.filter(({ kind }) => kind === 'scp').map(({ allow }) => allow),
      ])
      return truth === 'yes' ? 0 : truth === 'no' ? 2 : 1
    })
    return WORST[Math.max(...codes)] ?? 'allowed'
  })
}

type Run = (sql: string) => Promise<readonly Record<string, unknown>[]>

/** The records and what events stand for, as the tables of `deploy/athena`. */
async function withTables(ask: (run: Run) => Promise<void>): Promise<void> {
  const names = await columnsOf('trail.sql')
  await withDuckDb(at('spill'), async (run) => {
    await run(
      `create or replace table trail as select *, substr(eventtime, 1, 10) as day from read_json('${at('records.jsonl')}', format = 'newline_delimited', columns = {${names}})`,
    )
    await run(
      `create or replace table events as select * from read_json('${at('events.json')}', format = 'newline_delimited', columns = {${duckColumns(EVENT_COLUMNS)}})`,
    )
    await ask(run)
  })
}

async function bySql(worlds: readonly World[]): Promise<readonly (readonly (Verdict | undefined)[])[]> {
  const found: (Verdict | undefined)[][] = []
  await withTables(async (run) => {
    for (const world of worlds) {
      const facts = { trail: 'trail', events: 'events', tables: loaded.tables }
      const rows = await run(queryOf({ dialect: DUCKDB, world, question: 'checks', facts }).sql)
      const worst = new Map<string, Verdict>()
      for (const { shape, verdict } of rows) {
        const before = worst.get(String(shape)) ?? 'allowed'
        const now = verdict as Verdict
        worst.set(String(shape), WORST.indexOf(now) > WORST.indexOf(before) ? now : before)
      }
      found.push(records.map((_, n) => worst.get(`e-${n}`)))
    }
  })
  return found
}

it('the raw trail in SQL says what the engine says, or that it does not know', {
  timeout: 480_000,
}, async () => {
  // With a tree callers outside of it are exempt; without one all are members.
  const worlds = POLICIES.map((policy, n) => worldOf(policy, n % 2 === 0))
  const answers = await bySql(worlds)
  const seen: Record<string, number> = {}
  for (const [index, world] of worlds.entries()) {
    const wanted = byEngine(world)
    for (const [n, engine] of wanted.entries()) {
      const sql = answers[index]?.[n]
      const kind = `${engine} ${sql ?? 'not judged'}`
      seen[kind] = (seen[kind] ?? 0) + 1
      // What is a call must be judged; what is no call must never be counted as one.
      const fits = sql === engine || sql === 'unknown'
      const right = engine === 'skipped' ? sql === undefined : fits
      if (!right)
        expect({ policy: world.estate.policies[0]?.name, sql, engine, record: records[n] }).toBe('equal')
    }
  }
  const judged = (seen['denied denied'] ?? 0) + (seen['allowed allowed'] ?? 0)
  const asked = Object.entries(seen).reduce(
    (sum, [kind, n]) => (/^(allowed|denied) /.test(kind) ? sum + n : sum),
    0,
  )
  // Not knowing would always be right: most must be told.
  expect(seen['denied denied']).toBeGreaterThan(500)
  expect(judged / asked).toBeGreaterThan(0.97)
})

it('counts every call once, as judged or as not judged', { timeout: 120_000 }, async () => {
  const [policy] = POLICIES
  if (policy === undefined) throw new Error('no policy')
  const world = worldOf(policy, true)
  const wanted: Record<string, number> = {}
  const sum = (verdict: string) => {
    wanted[verdict] = (wanted[verdict] ?? 0) + 1
  }
  const isCall = ({ eventType }: Record<string, Json>) =>
    loaded.tables.actions.eventTypes.calls.includes(String(eventType))
  for (const [n, verdict] of byEngine(world).entries())
    if (verdict !== 'skipped') sum(verdict)
    else if (isCall(records[n] ?? {})) sum('not_listed')
  let found: readonly Record<string, unknown>[] = []
  await withTables(async (run) => {
    const facts = { trail: 'trail', events: 'events', tables: loaded.tables }
    found = await run(queryOf({ dialect: DUCKDB, world, question: 'calls', facts }).sql)
  })
  // The policy asks for the Region alone, which is always told.
  expect(Object.fromEntries(found.map(({ verdict, calls }) => [verdict, Number(calls)]))).toEqual(wanted)
  expect(wanted.not_listed).toBeGreaterThan(3)
})

it('Athena is given nothing of DuckDB', () => {
  const [policy] = POLICIES
  if (policy === undefined) throw new Error('no policy')
  const facts = { trail: 'rankan_trail', events: 'rankan_events', tables: loaded.tables }
  const { sql } = queryOf({
    dialect: ATHENA,
    world: worldOf(policy, true),
    question: 'groups',
    facts,
    since: '2026-10-01',
    until: '2026-10-31',
  })
  expect(sql).not.toMatch(
    /lambda \w+:|list_filter|string_split|regexp_matches|varchar\[\]|materialized|strptime/,
  )
  // Partitions of the days, and of the day after for what was delivered late.
  expect(sql).toContain("day >= '2026/10/01'")
  expect(sql).toContain("day <= '2026/11/01'")
})
