import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  MoveAccountCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { advance, controlTower } from './controltower-support.ts'
import { organizationsOf, post, refused, seededOf, start } from './core-support.ts'
import { ALL, admin, ouNamed } from './vending-support.ts'

let sandbox: Sandbox
let organizations: OrganizationsClient
let ou: string

beforeEach(async () => {
  sandbox = await start({ allowedActions: ALL, timeScale: 0 })
  organizations = organizationsOf(sandbox, admin(sandbox))
  ou = await ouNamed(sandbox, 'Production')
})
afterEach(() => sandbox.stop())

const ask = (path: string, input: object = {}) => controlTower(sandbox, admin(sandbox), path, input)
const ouArn = (id: string) =>
  `arn:aws:organizations::${seededOf(sandbox).managementAccountId}:ou/${seededOf(sandbox).organizationId}/${id}`
const accountArn = (id: string) =>
  `arn:aws:organizations::${seededOf(sandbox).managementAccountId}:account/${seededOf(sandbox).organizationId}/${id}`

async function zoneArn(): Promise<string> {
  const { body } = await ask('list-landingzones')
  return (body.landingZones as { arn: string }[])[0]?.arn ?? ''
}

/** Turns auto-enrolment on by an update of the landing zone. */
async function autoEnrol(): Promise<void> {
  const arn = await zoneArn()
  const { body } = await ask('update-landingzone', {
    landingZoneIdentifier: arn,
    version: '3.3',
    manifest: {},
    remediationTypes: ['INHERITANCE_DRIFT'],
  })
  expect(body.operationIdentifier).toMatch(/^[0-9a-f-]{36}$/)
  expect((await landingZone()).status).toBe('PROCESSING')
  await advance(sandbox, 120)
  expect(await landingZone()).toMatchObject({ status: 'ACTIVE', remediationTypes: ['INHERITANCE_DRIFT'] })
}

async function landingZone() {
  const { body } = await ask('get-landingzone', { landingZoneIdentifier: await zoneArn() })
  return body.landingZone as Record<string, unknown>
}

async function newAccount(name: string): Promise<string> {
  const { CreateAccountStatus } = await organizations.send(
    new CreateAccountCommand({ AccountName: name, Email: `${name}@tenant.example.jp` }),
  )
  await advance(sandbox, 10)
  const { CreateAccountStatus: done } = await organizations.send(
    new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: CreateAccountStatus?.Id }),
  )
  return done?.AccountId ?? ''
}

const move = (AccountId: string, DestinationParentId: string, SourceParentId = seededOf(sandbox).rootId) =>
  organizations.send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }))

async function child(accountId: string) {
  const { body } = await ask('list-enabled-baselines', {
    includeChildren: true,
    filter: { targetIdentifiers: [accountArn(accountId)] },
  })
  return (
    body.enabledBaselines as {
      statusSummary: { status: string }
      driftStatusSummary: { types: { inheritance: { status: string } } }
      parentIdentifier: string
    }[]
  )[0]
}

describe('auto-enrolment', () => {
  test('an account that is moved into a registered OU is enrolled, and let go when it is moved out', async () => {
    await autoEnrol()
    const id = await newAccount('auto-1')
    await move(id, ou)
    expect((await child(id))?.statusSummary.status).toBe('UNDER_CHANGE')
    await advance(sandbox, 40)
    expect((await child(id))?.statusSummary.status).toBe('SUCCEEDED')
    await move(id, seededOf(sandbox).rootId, ou)
    await advance(sandbox, 40)
    expect(await child(id)).toBeUndefined()
  })

  test('one move for each OU at a time; another OU is free', async () => {
    await autoEnrol()
    const [a, b, c] = [await newAccount('one'), await newAccount('two'), await newAccount('three')]
    await move(a, ou)
    expect(await refused(move(b, ou))).toMatchObject({ name: 'ConcurrentModificationException' })
    await move(c, await ouNamed(sandbox, 'Staging'))
    await advance(sandbox, 40)
    await move(b, ou)
    await advance(sandbox, 40)
    for (const id of [a, b, c]) expect((await child(id))?.statusSummary.status).toBe('SUCCEEDED')
  })

  test('without it a move by hand is drift, which a reset of the OU repairs', async () => {
    const id = await newAccount('by-hand')
    await move(id, ou)
    const { body } = await ask('list-enabled-baselines', { filter: { targetIdentifiers: [ouArn(ou)] } })
    const [parent] = body.enabledBaselines as {
      arn: string
      driftStatusSummary: { types: { inheritance: { status: string } } }
    }[]
    expect(parent?.driftStatusSummary.types.inheritance.status).toBe('DRIFTED')
    await ask('reset-enabled-baseline', { enabledBaselineIdentifier: parent?.arn })
    await advance(sandbox, 30)
    expect(await child(id)).toMatchObject({
      parentIdentifier: parent?.arn,
      statusSummary: { status: 'SUCCEEDED' },
    })
  })
})

describe('organizational units', () => {
  test('are registered one at a time by EnableBaseline', async () => {
    const { body } = await ask('list-baselines')
    const baselines = body.baselines as { name: string; arn: string }[]
    const baselineIdentifier = baselines.find((b) => b.name === 'AWSControlTowerBaseline')?.arn
    const infrastructure = await ouNamed(sandbox, 'Infrastructure')
    const input = { baselineIdentifier, baselineVersion: '4.0', targetIdentifier: ouArn(infrastructure) }
    const first = await ask('enable-baseline', input)
    expect(first.status).toBe(200)
    const second = await ask('enable-baseline', input)
    expect([second.status, second.type]).toEqual([409, 'ConflictException'])
    const operationIdentifier = first.body.operationIdentifier
    expect((await ask('get-baseline-operation', { operationIdentifier })).body).toMatchObject({
      baselineOperation: { status: 'IN_PROGRESS' },
    })
    await advance(sandbox, 20)
    expect((await ask('get-baseline-operation', { operationIdentifier })).body).toMatchObject({
      baselineOperation: { status: 'SUCCEEDED', operationType: 'ENABLE_BASELINE' },
    })
  })
})

describe('controls', () => {
  const controlIdentifier = 'arn:aws:controltower:ap-northeast-1::control/AWS-GR_RESTRICT_ROOT_USER'

  test('are enabled on registered OUs, a hundred at a time', async () => {
    const reply = await ask('enable-control', { controlIdentifier, targetIdentifier: ouArn(ou) })
    expect(reply.status).toBe(200)
    expect((await ask('enable-control', { controlIdentifier, targetIdentifier: ouArn(ou) })).type).toBe(
      'ConflictException',
    )
    await advance(sandbox, 10)
    const { body } = await ask('list-enabled-controls', { targetIdentifier: ouArn(ou) })
    expect(body.enabledControls).toMatchObject([
      { controlIdentifier, statusSummary: { status: 'SUCCEEDED' } },
    ])
    for (let i = 0; i < 100; i++)
      await ask('enable-control', {
        controlIdentifier: `${controlIdentifier}_${i}`,
        targetIdentifier: ouArn(ou),
      })
    const over = await ask('enable-control', {
      controlIdentifier: `${controlIdentifier}_OVER`,
      targetIdentifier: ouArn(ou),
    })
    expect([over.status, over.type]).toEqual([402, 'ServiceQuotaExceededException'])
  })

  test('never on an account', async () => {
    const reply = await ask('enable-control', {
      controlIdentifier,
      targetIdentifier: accountArn('123456789012'),
    })
    expect([reply.status, reply.type]).toEqual([400, 'ValidationException'])
  })

  test('a failure that was asked for shows in the operation', async () => {
    await post(sandbox, 'faults', {
      at: 'outcome',
      service: 'controltower',
      operation: 'EnableControl',
      times: 1,
      fault: { do: 'fail', code: 'x', message: 'no luck' },
    })
    const { body } = await ask('enable-control', { controlIdentifier, targetIdentifier: ouArn(ou) })
    await advance(sandbox, 10)
    const operation = await ask('get-control-operation', { operationIdentifier: body.operationIdentifier })
    expect(operation.body).toMatchObject({ controlOperation: { status: 'FAILED', statusMessage: 'no luck' } })
  })
})

test('the landing zone is known in its home region only, and missing where there is none', async () => {
  const other = await controlTower(sandbox, admin(sandbox, 1), 'list-landingzones')
  expect(other.body).toEqual({ landingZones: [] })
  const unknown = await ask('get-landingzone', {
    landingZoneIdentifier: 'arn:aws:controltower:ap-northeast-1:123456789012:landingzone/AAAAAAAAAAAAAAAA',
  })
  expect([unknown.status, unknown.type]).toEqual([404, 'ResourceNotFoundException'])
})
