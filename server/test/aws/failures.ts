import {
  DeleteInlinePolicyFromPermissionSetCommand,
  ListInstancesCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEstate } from '../../src/aws/estate.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Fault, FaultPoint } from '../../src/sandbox/core/contract.ts'
import type { FaultRule } from '../../src/sandbox/core/faults.ts'
import { done } from './contract/controls.ts'
import { collect, ended, newOrder, patiently, settled, until, vend } from './contract/world.ts'
import { type SandboxShape, type SandboxWorld, sandboxWorld } from './targets/sandbox.ts'

/** After it Control Tower itself ends what is stuck. */
const A_DAY_MS = 86_400_000

/** Sets a fault as the control API does. */
function fault(world: SandboxWorld, at: FaultPoint['at'], operation: string, what: Fault, times = 1): void {
  world.sandbox.runtime.run((inside) => {
    const rule: FaultRule = {
      id: `flt-${inside.id(8)}`,
      at,
      service: '*',
      operation,
      subject: null,
      probability: 1,
      times,
      fault: what,
      struck: 0,
    }
    inside.table<FaultRule>('core.faults').put(rule.id, rule)
  })
}

function clearFaults(world: SandboxWorld): void {
  world.sandbox.runtime.run((inside) => {
    const faults = inside.table<FaultRule>('core.faults')
    for (const { id } of [...faults.values()]) faults.delete(id)
  })
}

const withWorld = (
  name: string,
  shape: SandboxShape,
  seen: Set<string>,
  body: (w: () => SandboxWorld) => void,
) =>
  describe(name, () => {
    let world: SandboxWorld
    beforeAll(async () => {
      world = await sandboxWorld(shape)
    })
    afterAll(async () => {
      for (const call of world.calls) seen.add(call.iamAction)
      await world.stop()
    })
    body(() => world)
  })

/** What users of governance tools report (facts/aws.md section 2), and the way out of each. */
export function failureSuite(seen: Set<string>): void {
  withWorld('Account Factory goes wrong', { engine: 'account_factory', landingZone: true }, seen, (get) => {
    it('a tainted product asks for repair, names its account, and a cleared order ends with the same account', async () => {
      const world = get()
      const { creation, organization } = world.estate
      const order = newOrder(world, 'tainted')
      fault(world, 'outcome', 'ProvisionProduct', { do: 'taint', message: 'It broke half way.' })
      const failed = await ended(world, await creation.begin(order))
      expect(failed).toMatchObject({ state: 'failed', code: 'PRODUCT_TAINTED', remedy: 'repair' })
      await patiently(world, () => creation.clear(order))
      const accountId = await vend(world, { ...order, token: `${order.token}-2` })
      expect(failed.accountId).toBe(accountId)
      const all = await collect(organization.accounts())
      expect(all.filter((a) => a.email === order.email)).toHaveLength(1)
    })

    it('a second product over a tainted one is told from a stranger who has the e-mail (AFT #331)', async () => {
      const world = get()
      const order = newOrder(world, 'misled')
      fault(world, 'outcome', 'ProvisionProduct', { do: 'taint', message: 'It broke half way.' })
      await ended(world, await world.estate.creation.begin(order))
      const again = { ...order, token: `${order.token}-2` }
      const view = await ended(world, await world.estate.creation.begin(again))
      expect(view).toMatchObject({ state: 'failed', code: 'EMAIL_ALREADY_EXISTS', remedy: 'repair' })
      expect(view.accountId).toMatch(/^\d{12}$/)
    })

    it('a failure before there was an account is cleared by sending the same order again', async () => {
      const world = get()
      const order = newOrder(world, 'failed')
      fault(world, 'outcome', 'ProvisionProduct', { do: 'fail', code: 'InternalFailure', message: 'Broken.' })
      const failed = await ended(world, await world.estate.creation.begin(order))
      expect(failed).toMatchObject({ state: 'failed', remedy: 'retry' })
      expect(await vend(world, order)).toMatch(/^\d{12}$/)
    })

    it('an OU that is not registered asks for a correction', async () => {
      const world = get()
      const order = { ...newOrder(world, 'ou'), ou: { id: 'ou-ab12-99999999', name: 'Nowhere' } }
      const view = await ended(world, await world.estate.creation.begin(order))
      expect(view).toMatchObject({ state: 'failed', code: 'OU_NOT_USABLE', remedy: 'correct' })
    })

    it('several releases at once all end, though Control Tower un-enrols one at a time', async () => {
      const world = get()
      const { creation } = world.estate
      const accounts: string[] = []
      for (let i = 0; i < 3; i++) accounts.push(await vend(world, newOrder(world, 'many')))
      const handles = await Promise.all(accounts.map((a) => patiently(world, () => creation.release(a))))
      const ends = []
      for (const handle of handles) ends.push(await settled(world, handle))
      expect(ends).toEqual(accounts)
    })

    it('a throttled call says so, and what it would have done is not done', async () => {
      const world = get()
      fault(world, 'call', 'ListRoots', { do: 'throttle' }, 0)
      fault(world, 'call', 'DescribeAccount', { do: 'throttle' }, 2)
      await expect(world.estate.organization.account('123456789012')).rejects.toMatchObject({
        kind: 'throttled',
      })
      expect(await world.estate.organization.account('123456789012')).toBeNull()
    })

    it("an action outside the declared ones is denied to Rankan's role", async () => {
      const world = get()
      const { accessKeyId, secretAccessKey } = world.sandbox.credentials()
      const stranger = createEstate({
        id: 'x',
        managementAccountId: '000000000000',
        roleArn: 'arn:aws:iam::000000000000:role/Other',
        homeRegion: 'ap-northeast-1',
        engine: 'account_factory',
        endpoint: world.sandbox.url,
        credentials: { accessKeyId, secretAccessKey },
        clock: systemClock,
      })
      await expect(stranger.organization.describe()).rejects.toMatchObject({ kind: 'denied' })
      stranger.destroy()
    })

    it('a permission set whose policy somebody took away gets it back', async () => {
      const world = get()
      const sets = await patiently(world, () => world.estate.identity.ensurePermissionSets())
      await spoil(world, sets.NonAdmin)
      const fresh = freshEstate(world)
      const before = world.calls.length
      expect(await patiently(world, () => fresh.identity.ensurePermissionSets())).toEqual(sets)
      const commands = world.calls.slice(before).map((c) => c.command)
      expect(commands).toContain('PutInlinePolicyToPermissionSet')
      expect(commands).toContain('ProvisionPermissionSet')
      fresh.destroy()
    })
  })

  withWorld('auto-enrolment goes wrong', { engine: 'auto_enrolment', landingZone: true }, seen, (get) => {
    it('a failed enrolment says why, and clearing enrols again', async () => {
      const world = get()
      const { creation, organization } = world.estate
      const order = newOrder(world, 'enrol')
      const accountId = await settled(world, await creation.begin(order))
      fault(world, 'outcome', '*', { do: 'fail', code: 'EnrolmentFailed', message: 'The role is missing.' })
      await patiently(world, () => organization.move(accountId, order.ou.id))
      const handle = { kind: 'enrolment', accountId, ouId: order.ou.id } as const
      const view = await ended(world, handle)
      expect(view).toMatchObject({ state: 'failed', code: 'ENROLMENT_FAILED', remedy: 'repair', accountId })
      await patiently(world, () => creation.clear(order))
      expect(await settled(world, handle)).toBe(accountId)
    })

    it('an account that AWS does not show yet is waited for, not taken for a stranger', async () => {
      const world = get()
      const { creation } = world.estate
      const order = newOrder(world, 'hidden')
      const accountId = await settled(world, await creation.begin(order))
      fault(world, 'visibility', '*', { do: 'delay', ms: 30 * 60_000 }, 1000)
      const again = await creation.begin(order)
      world.sandbox.runtime.advance(5 * 60_000)
      expect(await creation.look(again)).toEqual({ state: 'running' })
      expect(await settled(world, again)).toBe(accountId)
      clearFaults(world)
    })

    it('asking for the same move again repeats an enrolment that failed', async () => {
      const world = get()
      const { creation, organization } = world.estate
      const order = newOrder(world, 'again')
      const accountId = await settled(world, await creation.begin(order))
      fault(world, 'outcome', 'EnrollAccount', { do: 'fail', code: 'EnrolmentFailed', message: 'No role.' })
      await patiently(world, () => organization.move(accountId, order.ou.id))
      const handle = { kind: 'enrolment', accountId, ouId: order.ou.id } as const
      expect(await ended(world, handle)).toMatchObject({ state: 'failed', message: 'No role.' })
      await patiently(world, () => organization.move(accountId, order.ou.id))
      expect(await settled(world, handle)).toBe(accountId)
    })

    it.each([
      ['fails', { do: 'fail', code: 'Refused', message: 'The role is missing.' }, 'The role is missing.'],
      ['never ends', { do: 'stick' }, 'AWS Control Tower timed out.'],
    ] as const)(
      'an un-enrolment that %s is asked again, or the account taken back',
      async (_, what, message) => {
        const world = get()
        const { creation } = world.estate
        const order = newOrder(world, 'leave')
        const accountId = await vend(world, order)
        const failToLeave = async () => {
          fault(world, 'outcome', 'UnenrollAccount', what)
          const handle = await patiently(world, () => creation.release(accountId))
          if (what.do === 'stick') world.sandbox.runtime.advance(A_DAY_MS)
          expect(await ended(world, handle)).toMatchObject({ state: 'failed', message, accountId })
        }
        await failToLeave()
        const back = await patiently(world, () => creation.readmit(accountId, order))
        expect(await settled(world, back)).toBe(accountId)
        await failToLeave()
        const again = await patiently(world, () => creation.release(accountId))
        expect(await settled(world, again)).toBe(accountId)
      },
    )
  })
  withWorld('controls go wrong', { engine: 'auto_enrolment', landingZone: true }, seen, (get) => {
    it('a conformance pack that fails in an account says in which and why', async () => {
      const world = get()
      const { packs } = world.estate.controls
      if (packs === null) throw new Error('There is no adapter for conformance packs.')
      const why = { do: 'fail', code: 'CFN_ERROR', message: 'The role is missing.' } as const
      fault(world, 'outcome', 'PutOrganizationConformancePack', why)
      const template = JSON.stringify({ Resources: { Users: ROOT_MFA } })
      const order = {
        do: 'put_conformance_pack',
        name: 'fails',
        template,
        parameters: {},
        excludedAccounts: [],
      } as const
      const begun = await packs.begin({ ...order, excludedAccounts: [] })
      if (begun.done) throw new Error('A pack takes time.')
      const state = await until(world, async () => {
        const now = await packs.look(begun.operation)
        return now.state === 'running' ? null : now
      })
      expect(state).toMatchObject({
        state: 'failed',
        message: expect.stringMatching(/\d{12}: The role is missing\./),
      })
      expect((await packs.read())?.packs).toMatchObject([{ name: 'fails', status: 'CREATE_FAILED' }])
    })

    it('a hook that does not reach an account says which and why, and goes on when it is asked again', async () => {
      const world = get()
      const { hooks } = world.estate.controls
      const { bucket } = (await hooks?.read()) ?? {}
      if (hooks === null || bucket == null) throw new Error('There is no adapter for hooks.')
      const at = { name: 'rankan-hook-fails', target: world.ou.id }
      const Properties = { Alias: 'Rankan::Fails::Guard', RuleLocation: { Uri: `s3://${bucket}/x.guard` } }
      const template = JSON.stringify({
        Resources: { Hook: { Type: 'AWS::CloudFormation::GuardHook', Properties } },
      })
      await vend(world, newOrder(world, 'hooked'))
      await done(world, hooks, { do: 'put_hook', name: at.name, template, failureMode: 'WARN' })
      fault(world, 'outcome', 'CreateStackInstances', {
        do: 'fail',
        code: 'x',
        message: 'The alias is taken.',
      })
      const order = { do: 'deploy_hook', ...at } as const
      await expect(done(world, hooks, order)).rejects.toThrow(/\d{12}: The alias is taken\./)
      await done(world, hooks, order)
      expect((await hooks.read())?.hooks).toMatchObject([
        { name: at.name, targets: [world.ou.id], drift: null },
      ])
    })

    it('a control that Control Tower cannot put on shows its words, and goes on when it is asked again', async () => {
      const world = get()
      const { tower } = world.estate.controls
      const alias = 'AWS-GR_RESTRICT_ROOT_USER'
      const control = (await tower?.read())?.offered[alias] ?? ''
      if (tower === null) throw new Error('There is no adapter for Control Tower.')
      const order = { do: 'enable_control', alias, control, target: world.ou.id, parameters: {} } as const
      fault(world, 'outcome', 'EnableControl', { do: 'fail', code: 'x', message: 'No slot is free.' })
      await expect(done(world, tower, order)).rejects.toThrow('No slot is free.')
      await done(world, tower, order)
      expect((await tower.read())?.enabled).toMatchObject([{ status: 'SUCCEEDED', drift: 'IN_SYNC' }])
    })
  })
}

const ROOT_MFA = {
  Type: 'AWS::Config::ConfigRule',
  Properties: {
    ConfigRuleName: 'root-mfa',
    Source: { Owner: 'AWS', SourceIdentifier: 'ROOT_ACCOUNT_MFA_ENABLED' },
  },
}

/** As another process would see the same organisation: with nothing remembered. */
function freshEstate(world: SandboxWorld) {
  const credentials = world.sandbox.credentials()
  const made = credentials.organizations[0]
  if (made === undefined) throw new Error('The sandbox has no organisation.')
  return createEstate({
    id: 'aws_fresh',
    managementAccountId: made.managementAccountId,
    roleArn: made.roleArn,
    homeRegion: made.homeRegion,
    engine: made.engine,
    endpoint: world.sandbox.url,
    credentials,
    clock: systemClock,
    onCall: (call) => world.calls.push(call),
  })
}

async function spoil(world: SandboxWorld, setArn: string): Promise<void> {
  const admin = world.sandbox.credentials().organizations[0]?.admin
  if (admin === undefined) throw new Error('The sandbox has no administrator.')
  const client = new SSOAdminClient({
    endpoint: world.sandbox.url,
    region: 'ap-northeast-1',
    credentials: admin,
  })
  const { Instances } = await client.send(new ListInstancesCommand({}))
  const InstanceArn = Instances?.[0]?.InstanceArn
  await client.send(new DeleteInlinePolicyFromPermissionSetCommand({ InstanceArn, PermissionSetArn: setArn }))
  client.destroy()
}
