import { rmSync } from 'node:fs'
import {
  CreateOrganizationalUnitCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { coverage } from '../../src/analytics/trail/coverage.ts'
import { ingest } from '../../src/analytics/trail/ingest.ts'
import { folderSource } from '../../src/analytics/trail/source.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import type { Json } from '../../src/kernel/json.ts'
import { checksOf } from '../../src/sandbox/access/checks.ts'
import type { Call } from '../../src/sandbox/core/contract.ts'
import { loadModel } from '../../src/sandbox/core/load-model.ts'
import type { ObservedCall, Sandbox } from '../../src/sandbox/server.ts'
import { allServices } from '../../src/sandbox/services/index.ts'
import { organizationView } from '../../src/sandbox/services/organizations/scps.ts'
import { deliveriesOf } from '../../src/sandbox/trail/record.ts'
import { configOf, post, seededOf, start } from './core-support.ts'
import { filesIn, type Recorded, reader, recordsIn, trailFolder } from './trail-support.ts'
import { type Cast, castOf, workload } from './workload.ts'

let sandbox: Sandbox
let cast: Cast
let records: Recorded[]
const observed: ObservedCall[] = []
const dir = trailFolder()
beforeAll(async () => {
  sandbox = await start({ trailDir: dir, observe: (call) => void observed.push(call) })
  cast = await castOf(sandbox)
  await workload(sandbox, cast)
  await post(sandbox, 'trail', {})
  records = recordsIn(dir)
})
afterAll(async () => {
  await sandbox.stop()
  rmSync(dir, { recursive: true })
})

const actionsOf = (record: Json) => {
  const outcome = reader.read(record)
  if (outcome.kind === 'skipped') return [outcome.reason]
  const direct = outcome.requests.filter(({ check }) => check.kind === 'direct')
  return [...new Set(direct.map(({ check }) => check.action.toLowerCase()))].sort()
}
const lower = (actions: readonly string[]) => [...new Set(actions.map((a) => a.toLowerCase()))].sort()

describe('what is written', () => {
  test('is every call, once in each account that it concerns', () => {
    const ids = new Set(records.map(({ requestID }) => requestID))
    expect(observed.filter(({ requestId }) => !ids.has(requestId))).toEqual([])
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(records.length)
    const shared = records.filter(({ sharedEventID }) => sharedEventID !== undefined)
    expect(shared.length).toBeGreaterThan(0)
    for (const { sharedEventID } of shared)
      expect(records.filter((other) => other.sharedEventID === sharedEventID)).toHaveLength(2)
  })

  test('each_call_maps_to_the_action_that_the_sandbox_checked', () => {
    const checked = new Map(observed.map((call) => [call.requestId, lower(call.checks.map((c) => c.action))]))
    const wrong = records
      .map((record) => ({
        event: `${record.eventSource}:${record.eventName}`,
        trail: actionsOf(record as unknown as Json),
        sandbox: checked.get(record.requestID),
      }))
      .filter(({ trail, sandbox: asked }) => JSON.stringify(trail) !== JSON.stringify(asked))
    expect(wrong).toEqual([])
  })

  test('tells who called as AWS does', () => {
    const of = (type: string) => records.find(({ userIdentity }) => userIdentity.type === type)?.userIdentity
    expect(of('Root')).toMatchObject({
      principalId: cast.a,
      arn: `arn:aws:iam::${cast.a}:root`,
      accountId: cast.a,
      accessKeyId: cast.rootOfA.accessKeyId,
    })
    expect(records.find(({ userIdentity }) => userIdentity.userName === 'clerk')?.userIdentity).toMatchObject(
      {
        type: 'IAMUser',
        principalId: expect.stringMatching(/^AIDA/),
        arn: `arn:aws:iam::${cast.a}:user/clerk`,
      },
    )
    expect(of('AssumedRole')).toMatchObject({
      principalId: expect.stringMatching(/^AROA[A-Z2-7]{17}:test$/),
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: expect.stringMatching(/:role\/OrganizationAccountAccessRole$/) },
        attributes: { mfaAuthenticated: 'false', creationDate: expect.stringMatching(/Z$/) },
      },
    })
    expect(of('AWSAccount')).toEqual({
      type: 'AWSAccount',
      principalId: expect.any(String),
      accountId: expect.stringMatching(/^\d{12}$/),
    })
  })

  test('tells denials with AWS’s words, and no secrets', () => {
    const denied = records.find(
      ({ eventName, userIdentity }) => eventName === 'CreateUser' && userIdentity.userName === 'clerk',
    )
    expect(denied).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: `User: arn:aws:iam::${cast.a}:user/clerk is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${cast.a}:user/mine because no identity-based policy allows the iam:CreateUser action`,
      requestParameters: { userName: 'mine' },
      responseElements: null,
      readOnly: false,
    })
    const text = JSON.stringify(records)
    for (const { secretAccessKey } of [cast.roleInA, cast.roleInB, cast.clerkInA, cast.rootOfA])
      expect(text).not.toContain(secretAccessKey)
    expect(records.find(({ eventName }) => eventName === 'CreateQueue')).toMatchObject({
      responseElements: { queueUrl: expect.stringMatching(/\/(keep-me|far)$/) },
    })
  })

  test('lies in the layout of an organisation trail', () => {
    const { organizationId, managementAccountId } = seededOf(sandbox, 1)
    for (const account of [managementAccountId, cast.a, cast.b])
      expect(
        filesIn(dir).some((name) => name.startsWith(`AWSLogs/${organizationId}/${account}/CloudTrail/`)),
      ).toBe(true)
  })
})

test('the ingest reads the folder: every event counts, every call is mapped', async () => {
  const facts = trailFolder()
  const report = await ingest({ source: folderSource(dir), dir: facts, threads: 0 })
  expect(report).toMatchObject({ events: records.length, refused: [] })
  const found = await coverage(facts)
  expect(found).toMatchObject({ events: records.length, unmapped: [], withoutResource: [] })
  expect(found.mapped).toBe(found.calls)
  expect(found.skipped).toEqual({})
  rmSync(facts, { recursive: true })
})

test('every operation that the sandbox has is understood by the reading of CloudTrail', () => {
  const { managementAccountId } = seededOf(sandbox, 1)
  const caller = {
    accountId: managementAccountId,
    arn: `arn:aws:iam::${managementAccountId}:root`,
    roleArn: null,
    userId: managementAccountId,
  }
  const wrong = allServices(Date.now).flatMap((service) =>
    Object.keys(service.operations).flatMap((operation) => {
      const call: Call = {
        service: service.signingName,
        operation,
        input: {},
        caller,
        region: 'ap-northeast-1',
        world: sandbox.runtime.world,
        requestId: `sweep ${operation}`,
        waitedMs: 0,
        origin: '',
        source: { address: '127.0.0.1', userAgent: 'sweep' },
      }
      const who = { caller, accessKeyId: 'AKIA', session: null, sessionPolicies: null }
      const model = loadModel(service.model)
      const input = operation === 'PutEvents' ? { Entries: [{}] } : {}
      const finished = { service, model, who, call: () => ({ ...call, input }), output: null, error: null }
      const asked = lower(checksOf(service, finished.call()).map(({ action }) => action))
      const [delivery] = deliveriesOf(finished, organizationView)
      const read = actionsOf((delivery?.record ?? null) as Json)
      return JSON.stringify(read) === JSON.stringify(asked)
        ? []
        : [`${service.signingName}.${operation}: ${read} instead of ${asked}`]
    }),
  )
  expect(wrong).toEqual([])
})

test('the same seed, clock and calls write the same files', async () => {
  const run = async () => {
    const folder = trailFolder()
    const own = await start({
      trailDir: folder,
      seed: 7,
      clock: { ...manualClock(new Date()), now: () => FIXED },
    })
    const { admin, rootId, managementAccountId } = seededOf(own)
    // A client for each call: one that has seen an answer trusts the server's clock more than the offset.
    const api = () =>
      new OrganizationsClient({
        ...configOf(own, admin),
        systemClockOffset: FIXED.getTime() - Date.now(),
      })
    await api().send(new ListRootsCommand({}))
    await api().send(new CreateOrganizationalUnitCommand({ ParentId: rootId, Name: 'New' }))
    own.runtime.run((world) => {
      world.table('core.test').put('x', 1)
      world.emit({
        accountId: managementAccountId,
        region: 'ap-northeast-1',
        source: 'aws.controltower',
        detailType: 'AWS Service Event via CloudTrail',
        detail: { eventName: 'CreateManagedAccount', eventSource: 'controltower.amazonaws.com' },
      })
    })
    await own.stop()
    const found = { names: filesIn(folder), records: recordsIn(folder) }
    rmSync(folder, { recursive: true })
    return found
  }
  const FIXED = new Date('2026-11-22T03:00:00Z')
  const first = await run()
  expect(first.records.map(({ eventName }) => eventName).sort()).toEqual([
    'CreateManagedAccount',
    'CreateOrganizationalUnit',
    'ListRoots',
  ])
  expect(await run()).toEqual(first)
})

test('can be switched off and on, and nothing is kept in memory without a folder', async () => {
  const own = await start({ trailDir: trailFolder() })
  const ask = () => castOf(own).then((found) => found.a)
  await post(own, 'settings', { limits: { 'cloudtrail.enabled': 0 } }, 'PUT')
  await ask()
  expect(own.trail?.pending).toBe(0)
  const folder = own.trail?.dir ?? ''
  await own.stop()
  expect(filesIn(folder)).toEqual([])
  rmSync(folder, { recursive: true })
  const none = await start()
  expect(none.trail).toBeNull()
  await none.stop()
})
