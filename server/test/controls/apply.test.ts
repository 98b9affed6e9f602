import { DetachPolicyCommand, UpdatePolicyCommand } from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ControlStatus } from '../../src/domain/controls/applies.ts'
import type { ControlSetView } from '../../src/domain/controls/sets.ts'
import { sweepStore } from '../../src/storage/estate/drift.ts'
import { readCarriers } from '../../src/workflows/controls/drift.ts'
import { sweep } from '../../src/workflows/sweep.ts'
import {
  applied,
  applyOf,
  asked,
  CENTRE,
  type ControlWorldSetup,
  controlSetup,
  ledgerOf,
  person,
  planned,
  REASON,
  runAll,
} from './support.ts'

describe('control sets, plans and applies', () => {
  let world: ControlWorldSetup
  const ous = new Map<string, string>()
  const ouOf = (id: string): string => ous.get(id) ?? ''

  beforeAll(async () => {
    world = await controlSetup()
    for (const [id, { organization }] of world.estates)
      for await (const ou of organization.ous())
        if (ou.name === 'Production' || !ous.has(id)) ous.set(id, ou.id)
  })
  afterAll(() => world.stop())

  const put = (name: string, controls: readonly object[]) =>
    world.http.call(CENTRE, 'PUT', `/api/control-sets/${name}`, {
      title: { ja: name, en: name },
      description: { ja: name, en: name },
      controls,
    })
  const attachedTo = async (id: string, target: string) => {
    const sight = await world.estates.get(id)?.controls.policies.read()
    const policies = sight?.policies.filter((one) => one.targets.includes(target)) ?? []
    return policies.filter(({ name }) => name.startsWith('rankan-')).map(({ kind, name }) => ({ kind, name }))
  }
  const status = async (id: string) =>
    (await world.http.call(CENTRE, 'GET', `/api/aws-organizations/${id}/controls`)).body as ControlStatus

  it('keeps versions of sets, refuses what the library does not have, and comes with sets of its own', async () => {
    const list = (await world.http.call(CENTRE, 'GET', '/api/control-sets')).body as {
      items: ControlSetView[]
    }
    expect(list.items.map(({ name }) => name)).toContain('government-baseline')
    const first = await put('mine', [{ control: 'no-root-user' }])
    expect(first.body).toMatchObject({ name: 'mine', version: 1, origin: 'own' })
    expect((await put('mine', [{ control: 'no-root-user' }])).body).toMatchObject({ version: 1 })
    expect((await put('mine', [{ control: 'no-iam-users' }])).body).toMatchObject({ version: 2, versions: 2 })
    const bad = await put('bad', [
      { control: 'no-such-control' },
      { control: 'no-root-user', values: { x: 'y' } },
    ])
    expect(bad.status).toBe(422)
    expect((bad.body as { issues: { code: string }[] }).issues.map(({ code }) => code)).toEqual([
      'unknown_control',
      'unknown_parameter',
    ])
  })

  it.each(['aws_0', 'aws_1'])('puts a set on an OU of %s and takes it off again', async (id) => {
    const target = ouOf(id)
    const before = await attachedTo(id, target)
    const ids = [
      'no-iam-users',
      'no-root-user',
      'secure-transport',
      'no-public-snapshots',
      's3-bucket-versioning',
      'kms-keys-not-deleted',
    ]
    await put(
      'pilot',
      ids.map((control) => ({ control })),
    )
    const plan = await planned(world, { awsOrganizationId: id, target, set: 'pilot' })
    expect(plan).toMatchObject({ state: 'ready', preventive: true, error: null })
    expect(plan.plan?.landingZone).toBe(id === 'aws_0')
    const refused = await world.http.call(CENTRE, 'POST', `/api/control-plans/${plan.id}/apply`, {})
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([422, 'reason_required'])
    const { id: applyId } = await asked(world, plan.id)
    await runAll(world.deps)
    const done = await applyOf(world, applyId)
    expect(done).toMatchObject({ state: 'done', reason: REASON, stepsDone: done.steps })
    expect(done.stepList.every(({ state, attempts }) => state === 'done' && attempts === 1)).toBe(true)
    const kindsOfPolicy = new Set(plan.plan?.policies.map(({ kind }) => kind))
    expect(kindsOfPolicy).toEqual(new Set(['scp', 'rcp', 'declarative_ec2']))
    expect(done.stepList.map(({ part }) => part)).toEqual(
      expect.arrayContaining([id === 'aws_0' ? 'tower' : 'securityHub', 'packs', 'hooks', 'documents']),
    )
    const names = plan.plan?.policies.map(({ kind, name }) => ({ kind, name })) ?? []
    expect(names.length).toBeGreaterThan(0)
    expect(await attachedTo(id, target)).toEqual(expect.arrayContaining(names))
    const kinds = await ledgerOf(world, applyId)
    expect(kinds.slice(0, 2)).toEqual(['control_apply.asked', 'control_apply.started'])
    expect(kinds.filter((kind) => kind === 'control_apply.step_done')).toHaveLength(done.steps)
    expect(kinds.at(-1)).toBe('control_apply.done')
    const again = await planned(world, { awsOrganizationId: id, target, set: 'pilot' })
    expect(again.plan?.steps).toEqual([])
    const estate = world.estates.get(id)
    const look = () => readCarriers(world.deps, id)
    await look()
    expect((await status(id)).drift.filter(({ part }) => part !== 'policies')).toEqual([])
    const hook = done.stepList.find(({ effect }) => effect.do === 'deploy_hook')?.effect
    if (hook?.do !== 'deploy_hook' || estate?.controls.hooks == null) throw new Error('no hook')
    const { begin } = estate.controls.hooks
    await begin({ ...hook, do: 'withdraw_hook' })
    await look()
    expect((await status(id)).drift).toMatchObject([{ part: 'hooks', what: 'detached', target }])
    const pack = done.stepList.find(({ effect }) => effect.do === 'put_conformance_pack')?.effect
    if (pack?.do !== 'put_conformance_pack' || estate.controls.packs == null) throw new Error('no pack')
    await estate.controls.packs.begin({ ...pack, excludedAccounts: [] })
    await look()
    const changed = (await status(id)).drift.map(({ part, what }) => [part, what])
    expect(changed).toEqual(
      expect.arrayContaining([
        ['hooks', 'detached'],
        ['packs', 'changed'],
      ]),
    )
    const removal = await applied(world, {
      awsOrganizationId: id,
      target,
      set: 'pilot',
      action: 'remove',
    })
    expect(removal.state).toBe('done')
    expect(await attachedTo(id, target)).toEqual(before)
    const hub = await world.estates.get(id)?.controls.securityHub?.read()
    expect(hub?.policies.filter(({ name }) => name.startsWith('rankan-'))).toEqual([])
  })

  it('refuses to apply when the world moved, and when another apply goes on', async () => {
    const target = ouOf('aws_1')
    const request = { awsOrganizationId: 'aws_1', target, set: 'mine' }
    const [first, second] = [await planned(world, request), await planned(world, request)]
    const apply = await asked(world, first.id)
    const meanwhile = await world.http.call(CENTRE, 'POST', `/api/control-plans/${second.id}/apply`, {
      reason: REASON,
    })
    expect([meanwhile.status, (meanwhile.body as { code: string }).code]).toEqual([409, 'apply_in_progress'])
    await runAll(world.deps)
    expect((await applyOf(world, apply.id)).state).toBe('done')
    const late = await asked(world, second.id)
    await runAll(world.deps)
    expect(await applyOf(world, late.id)).toMatchObject({
      state: 'refused',
      stepsDone: 0,
      error: { code: 'world_moved' },
    })
  })

  it('finds what was changed and detached by hand, and an apply puts it right', async () => {
    const target = ouOf('aws_1')
    const hand = world.hands.get('aws_1')
    const estate = world.estates.get('aws_1')
    if (hand === undefined || estate === undefined) throw new Error('no aws_1')
    const sight = await estate.controls.policies.read()
    const [ours] =
      sight?.policies.filter((one) => one.targets.includes(target) && one.name.startsWith('rankan-')) ?? []
    if (ours === undefined) throw new Error('nothing of ours')
    await sweep(sweepStore(world.on), estate)
    expect((await status('aws_1')).drift).toEqual([])
    const Content = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
    await hand.send(new UpdatePolicyCommand({ PolicyId: ours.id, Content }))
    await hand.send(new DetachPolicyCommand({ PolicyId: ours.id, TargetId: target }))
    await sweep(sweepStore(world.on), estate)
    const { drift, targets } = await status('aws_1')
    expect(drift.map(({ what, name }) => [what, name])).toEqual([
      ['changed', ours.name],
      ['detached', ours.name],
    ])
    expect(targets).toMatchObject([{ target, sets: [{ name: 'mine', version: 2 }] }])
    const repaired = await applied(world, { awsOrganizationId: 'aws_1', target, set: 'mine' })
    expect(repaired.stepList.map(({ effect }) => effect.do)).toEqual(['put_policy', 'attach_policy'])
    await sweep(sweepStore(world.on), estate)
    expect((await status('aws_1')).drift).toEqual([])
  })

  it('takes an import exactly as it was shown, once for each version, and tells the ledger', async () => {
    const content = (rule: string) =>
      Buffer.from(
        `Resources: { R: { Type: AWS::Config::ConfigRule, Properties: { ConfigRuleName: r, Source: { Owner: AWS, SourceIdentifier: ${rule} } } } }`,
      ).toString('base64')
    const requestOf = (rule: string) => ({
      kind: 'conformance-pack',
      name: 'pack-of-us',
      files: [{ name: 'pack.yaml', content: content(rule) }],
    })
    const send = (what: string, body: object, who = CENTRE) =>
      world.http.call(who, 'POST', `/api/control-imports${what}`, body)
    const shown = async (rule: string) =>
      (await send('/preview', requestOf(rule))).body as { before: number | null; sha256: string }
    const take = (rule: string, { before, sha256 }: { before: number | null; sha256: string }) =>
      send('', { request: requestOf(rule), before, sha256 })
    const first = await shown('S3_BUCKET_VERSIONING_ENABLED')
    expect(first.before).toBeNull()
    const other = await take('S3_BUCKET_LOGGING_ENABLED', first)
    expect([other.status, (other.body as { code: string }).code]).toEqual([409, 'import_moved'])
    expect(await ledgerOf(world, 'pack-of-us')).toEqual([])
    expect((await take('S3_BUCKET_VERSIONING_ENABLED', first)).status).toBe(200)
    const second = await shown('S3_BUCKET_LOGGING_ENABLED')
    expect(second.before).toBe(1)
    expect((await take('S3_BUCKET_LOGGING_ENABLED', second)).status).toBe(200)
    // What the second version was shown against is not the last one any more.
    const late = await take('S3_BUCKET_LOGGING_ENABLED', second)
    expect([late.status, (late.body as { code: string }).code]).toEqual([409, 'import_moved'])
    expect(await ledgerOf(world, 'pack-of-us')).toEqual(['control_import.taken', 'control_import.taken'])
    expect((await send('/preview', requestOf('X'), person('central_auditor'))).status).toBe(403)
  })

  it('tells why a plan cannot be made', async () => {
    const plan = await planned(world, { awsOrganizationId: 'aws_1', target: 'ou-none-12345678', set: 'mine' })
    expect(plan).toMatchObject({ state: 'failed', error: { code: 'target_not_found' } })
    const auditor = await world.http.call(person('central_auditor'), 'POST', '/api/control-plans', {
      awsOrganizationId: 'aws_1',
      target: 'root',
      set: 'mine',
    })
    expect(auditor.status).toBe(403)
  })
})
