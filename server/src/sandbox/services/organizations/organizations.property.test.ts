import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../../../kernel/clock.ts'
import { AwsError, type Caller } from '../../core/contract.ts'
import { mergeSettings } from '../../core/settings.ts'
import { openWorld, type Runtime } from '../../core/world.ts'
import { seeded } from '../../seed/organization.ts'
import { seedDemo } from '../../seed/seed.ts'
import { coreSettings } from '../../settings/core.ts'
import { allServices } from '../index.ts'
import { fsck } from './fsck.ts'
import * as state from './state.ts'

const DAY = 86_400_000
const start = new Date('2026-11-21T00:00:00Z')
const services = allServices(() => start.getTime())

function open(): Runtime {
  const runtime = openWorld({
    dataDir: null,
    clock: manualClock(start),
    seed: 5,
    timeScale: 1,
    services: new Map(services.map((s) => [s.signingName, s])),
    settings: mergeSettings([coreSettings, ...services.map((s) => s.settings)]),
  })
  runtime.run((world) => seedDemo(world, ['organizations:*'], 'demo'))
  return runtime
}

const KINDS = [
  'create',
  'move',
  'close',
  'ou',
  'deleteOu',
  'attach',
  'detach',
  'invite',
  'accept',
  'remove',
  'delegate',
  'undelegate',
  'type',
  'wait',
] as const
const anyStep = fc.record({
  do: fc.constantFrom(...KINDS),
  organization: fc.nat(1),
  a: fc.nat(30),
  b: fc.nat(30),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

const root = (accountId: string): Caller => ({
  accountId,
  arn: `arn:aws:iam::${accountId}:root`,
  roleArn: null,
  userId: accountId,
})
const pick = <T>(rows: Iterable<T>, n: number): T | undefined => {
  const all = [...rows]
  return all[n % Math.max(1, all.length)]
}

function perform(runtime: Runtime, step: Step, i: number): void {
  const { world } = runtime
  const organization = pick(seeded(world).values(), step.organization)
  if (!organization) return
  // Mostly our own rows, sometimes any: what is not ours must be refused, not found.
  const near = <T extends { organizationId: string | null }>(rows: Iterable<T>) =>
    [...rows].filter((row) => step.b % 5 === 0 || row.organizationId === organization.organizationId)
  const account = pick(near(state.accounts(world).values()), step.a)
  const ou = pick(near(state.ous(world).values()), step.b)
  const call = (operation: string, input: object, as = organization.managementAccountId) =>
    runtime.run((w) => w.invoke('organizations', operation, input, root(as)))
  const target = step.b % 3 === 0 ? account?.id : ou?.id
  const delegation = { AccountId: account?.id, ServicePrincipal: 'config.amazonaws.com' }
  const delegated = pick(near(state.delegations(world).values()), step.a)
  const crowded = pick(
    [...state.attachments(world).entries()].filter(([, ids]) => ids.length > 1),
    step.a,
  )
  const handshake = pick(
    [
      ...world.table<{ id: string; accountId: string; state: string }>('organizations.handshakes').values(),
    ].filter((h) => h.state === 'OPEN' || step.b % 5 === 0),
    step.a,
  )
  const deeds: Record<Step['do'], () => unknown> = {
    create: () => call('CreateAccount', { AccountName: `n${i}`, Email: `n${step.a % 6}@example.jp` }),
    move: () =>
      call('MoveAccount', {
        AccountId: account?.id,
        SourceParentId: account?.parentId ?? '',
        DestinationParentId: ou?.id,
      }),
    close: () => call('CloseAccount', { AccountId: account?.id }),
    ou: () =>
      call('CreateOrganizationalUnit', {
        ParentId: step.a % 3 === 0 ? organization.rootId : ou?.id,
        Name: `x${step.b % 4}`,
      }),
    deleteOu: () => call('DeleteOrganizationalUnit', { OrganizationalUnitId: ou?.id }),
    attach: () => {
      const Content = '{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
      const policy = { Name: `p${i}`, Description: '', Type: 'SERVICE_CONTROL_POLICY', Content }
      const made = call('CreatePolicy', policy) as { Policy: { PolicySummary: { Id: string } } }
      call('AttachPolicy', { PolicyId: made.Policy.PolicySummary.Id, TargetId: target })
    },
    detach: () =>
      call('DetachPolicy', { PolicyId: pick(crowded?.[1] ?? [], step.b), TargetId: crowded?.[0] }),
    invite: () =>
      call('InviteAccountToOrganization', {
        Target: { Type: 'ACCOUNT', Id: pick(state.accounts(world).values(), step.a)?.id },
      }),
    accept: () => call('AcceptHandshake', { HandshakeId: handshake?.id }, handshake?.accountId),
    remove: () => call('RemoveAccountFromOrganization', { AccountId: account?.id }),
    delegate: () => call('RegisterDelegatedAdministrator', delegation),
    undelegate: () =>
      call('DeregisterDelegatedAdministrator', { ...delegation, AccountId: delegated?.accountId }),
    type: () =>
      call(step.a % 2 ? 'EnablePolicyType' : 'DisablePolicyType', {
        RootId: organization.rootId,
        PolicyType: step.b % 2 ? 'TAG_POLICY' : 'SERVICE_CONTROL_POLICY',
      }),
    wait: () => runtime.advance((step.a % 5) * DAY + 600_000),
  }
  deeds[step.do]()
}

test('whatever is called, the estate keeps its invariants and every refusal is an error of AWS', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 10, maxLength: 60 }), (steps) => {
      const runtime = open()
      steps.forEach((step, i) => {
        try {
          perform(runtime, step, i)
          seen.add(step.do)
        } catch (error) {
          if (!(error instanceof AwsError)) throw error
        }
        expect(fsck(runtime.world)).toEqual([])
      })
      expect(runtime.world.table('core.failures').size).toBe(0)
    }),
    { numRuns: 50 },
  )
  // Nearly every kind of call went through at least once, so the property is not empty.
  expect(seen.size).toBeGreaterThanOrEqual(KINDS.length - 3)
}, 60_000)
