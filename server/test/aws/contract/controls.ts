import { expect } from 'vitest'
import type { ControlEffect } from '../../../src/domain/controls/effects.ts'
import type { Begun, ControlPort } from '../../../src/ports/controls.ts'
import { type ContractCase, type ContractWorld, collect, patiently, until } from './world.ts'

/** Begins the effect and looks until AWS has done it, as the workflow does; a failure is thrown. */
export async function done<E extends ControlEffect>(
  world: ContractWorld,
  port: ControlPort<unknown, E>,
  effect: E,
  again = true,
): Promise<Readonly<Record<string, string>>> {
  const begun: Begun = await patiently(world, () => port.begin(effect, again))
  if (begun.done) return begun.result
  const end = await until(world, async () => {
    const state = await port.look(begun.operation)
    return state.state === 'running' ? null : state
  })
  if (end.state === 'failed') throw new Error(`${end.code}: ${end.message}`)
  return end.result
}

const ROOT_USER = 'AWS-GR_RESTRICT_ROOT_USER'
const REGIONS = 'CT.MULTISERVICE.PV.1'

const PACK = JSON.stringify({
  Resources: {
    Users: {
      Type: 'AWS::Config::ConfigRule',
      Properties: {
        ConfigRuleName: 'rankan-contract-users',
        Scope: { ComplianceResourceTypes: ['AWS::IAM::User'] },
        Source: {
          Owner: 'CUSTOM_POLICY',
          SourceDetails: [{ EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' }],
          CustomPolicyDetails: {
            EnableDebugLogDelivery: false,
            PolicyRuntime: 'guard-2.x.x',
            PolicyText:
              "rule none when resourceType == 'AWS::IAM::User' { configuration.userName not exists }",
          },
        },
      },
    },
  },
})

const automationOf = (Duration: string) =>
  JSON.stringify({
    schemaVersion: '0.3',
    description: 'Waits.',
    mainSteps: [{ name: 'Wait', action: 'aws:sleep', inputs: { Duration } }],
  })

const RULES = 'rule 全 { Resources exists }'
const hookOf = (Uri: string, FailureMode: string) =>
  JSON.stringify({
    Resources: {
      Hook: {
        Type: 'AWS::CloudFormation::GuardHook',
        Properties: {
          Alias: 'Rankan::Contract::Guard',
          ExecutionRole: 'arn:aws:iam::123456789012:role/Hooks',
          FailureMode,
          HookStatus: 'ENABLED',
          RuleLocation: { Uri },
          TargetOperations: ['STACK'],
        },
      },
    },
  })

export const controlCases: readonly ContractCase[] = [
  {
    name: 'controls: one of Control Tower goes on once, is repaired after drift, and goes off once',
    async run(world) {
      const { tower, policies, hasLandingZone } = world.estate.controls
      if (tower === null || !(await hasLandingZone())) return expect(await tower?.read()).toBeNull()
      const target = world.ou.id
      const control = (await tower.read())?.offered[ROOT_USER] ?? ''
      const on = { do: 'enable_control', alias: ROOT_USER, control, target, parameters: {} } as const
      const seen = async () => (await tower.read())?.enabled.find((one) => one.control === control)
      await done(world, tower, on, false)
      expect(await seen()).toMatchObject({ target, status: 'SUCCEEDED', drift: 'IN_SYNC', parameters: {} })
      expect(await tower.begin(on)).toMatchObject({ done: true })
      const guardrail = (await policies.read())?.policies.find(
        (one) => one.name.startsWith('aws-guardrails-') && one.targets.includes(target),
      )
      expect(guardrail?.document).toContain(':root')
      await world.estate.organization.detachPolicy(guardrail?.id ?? '', target)
      expect(await seen()).toMatchObject({ drift: 'DRIFTED' })
      await done(world, tower, on)
      expect(await seen()).toMatchObject({ drift: 'IN_SYNC' })
      const off = { do: 'disable_control', alias: ROOT_USER, control, target } as const
      await done(world, tower, off, false)
      expect(await seen()).toBeUndefined()
      expect(await tower.begin(off)).toEqual({ done: true, result: {} })
    },
  },
  {
    name: 'controls: parameters of Control Tower are given, changed and read back',
    async run(world) {
      const { tower } = world.estate.controls
      const sight = await tower?.read()
      if (tower === null || !sight) return
      const control = sight.offered[REGIONS] ?? ''
      const at = { alias: REGIONS, control, target: world.ou.id }
      const seen = async () => (await tower.read())?.enabled.find((one) => one.control === control)
      for (const regions of [['ap-northeast-1'], ['ap-northeast-1', 'ap-northeast-3']]) {
        const parameters = { AllowedRegions: regions }
        await done(world, tower, { do: 'enable_control', ...at, parameters })
        expect((await seen())?.parameters).toEqual(parameters)
      }
      await done(world, tower, { do: 'disable_control', ...at })
      expect(await seen()).toBeUndefined()
    },
  },
  {
    name: 'controls: a conformance pack of the organisation is deployed, changed and deleted once',
    async run(world) {
      const { packs } = world.estate.controls
      if (packs === null) throw new Error('There is no adapter for conformance packs.')
      const name = `rankan-contract-${process.pid}`
      const seen = async () => (await packs.read())?.packs.find((one) => one.name === name)
      const put = (excludedAccounts: string[]) =>
        ({
          do: 'put_conformance_pack',
          name,
          template: PACK,
          parameters: {},
          excludedAccounts,
        }) as const
      await done(world, packs, put([]), false)
      expect(await seen()).toMatchObject({ status: 'CREATE_SUCCESSFUL', excludedAccounts: [] })
      const { managementAccountId } = await world.estate.organization.describe()
      await done(world, packs, put([managementAccountId]))
      expect(await seen()).toMatchObject({
        status: 'UPDATE_SUCCESSFUL',
        excludedAccounts: [managementAccountId],
      })
      await done(world, packs, { do: 'delete_conformance_pack', name })
      expect(await seen()).toBeUndefined()
      expect(await packs.begin({ do: 'delete_conformance_pack', name })).toEqual({ done: true, result: {} })
    },
  },
  {
    name: 'controls: a document is made, changed, shared with the accounts, and deleted once',
    async run(world) {
      const { documents } = world.estate.controls
      if (documents === null) throw new Error('There is no adapter for documents.')
      const name = `rankan-contract-${process.pid}`
      const accounts = await collect(world.estate.organization.accounts())
      const open = accounts.filter(({ state }) => state === 'ACTIVE')
      const before = world.calls.length
      const calls = (action: string) =>
        world.calls.slice(before).filter(({ iamAction }) => iamAction === action).length
      for (const seconds of ['PT1S', 'PT2S', 'PT2S']) {
        const content = automationOf(seconds)
        const result = await done(world, documents, { do: 'put_document', name, type: 'Automation', content })
        expect(result).toEqual({ document: name, sharedWith: String(open.length - 1) })
      }
      // What is there as it ought to be is not written again: contents are read back, and so is who has them.
      expect([calls('ssm:CreateDocument'), calls('ssm:UpdateDocument')]).toEqual([1, 1])
      for (let i = 0; i < 2; i++) await done(world, documents, { do: 'delete_document', name })
      expect(calls('ssm:DeleteDocument')).toBe(1)
    },
  },
  {
    name: 'controls: documents go into the accounts of an OU once, are changed there, taken out and deleted once',
    async run(world) {
      const port = world.estate.controls.documents
      if (port === null) throw new Error('There is no adapter for documents.')
      const target = world.ou.id
      const name = `rankan-repairs-contract-${process.pid}`
      const seen = async () => (await port.read())?.stackSets?.sets.find((one) => one.name === name)
      expect((await port.read())?.stackSets?.trusted).toBe(true)
      for (const seconds of ['PT1S', 'PT2S', 'PT2S']) {
        const Content = JSON.parse(automationOf(seconds))
        const Properties = { Name: name, DocumentType: 'Automation', UpdateMethod: 'NewVersion', Content }
        const template = JSON.stringify({ Resources: { One: { Type: 'AWS::SSM::Document', Properties } } })
        await done(world, port, { do: 'put_repairs', name, template })
        await done(world, port, { do: 'deploy_repairs', name, target })
        expect(await seen()).toEqual({ name, template, targets: [target], drift: null })
      }
      for (let i = 0; i < 2; i++) await done(world, port, { do: 'withdraw_repairs', name, target })
      expect(await seen()).toMatchObject({ targets: [] })
      for (let i = 0; i < 2; i++) await done(world, port, { do: 'delete_repairs', name })
      expect(await seen()).toBeUndefined()
    },
  },
  {
    name: 'controls: a policy of Security Hub is made, applied to an OU, changed, taken off and deleted once',
    async run(world) {
      const port = world.estate.controls.securityHub
      if (port === null) throw new Error('There is no adapter for Security Hub.')
      const target = world.ou.id
      const name = `rankan-contract-${process.pid}`
      const standard = `arn:aws:securityhub:ap-northeast-1::standards/aws-foundational-security-best-practices/v/1.0.0`
      const seen = async () => (await port.read())?.policies.find((one) => one.name === name)
      const put = (enabledControls: string[] | null, disabledControls: string[] | null) =>
        done(world, port, {
          do: 'put_securityhub_policy',
          name,
          description: 'contract',
          enabledStandards: [standard],
          enabledControls,
          disabledControls,
        })
      expect((await port.read())?.configuration).toBe('CENTRAL')
      await put(['S3.8', 'IAM.4'], null)
      const on = { do: 'associate_securityhub_policy', name, target } as const
      await done(world, port, on, false)
      expect(await seen()).toMatchObject({
        enabledStandards: [standard],
        enabledControls: ['IAM.4', 'S3.8'],
        disabledControls: null,
        targets: [{ id: target, status: 'SUCCESS' }],
      })
      expect(await port.begin(on)).toMatchObject({ done: true })
      await put(null, ['EC2.10'])
      expect(await seen()).toMatchObject({ enabledControls: null, disabledControls: ['EC2.10'] })
      const off = { do: 'disassociate_securityhub_policy', name, target } as const
      for (let i = 0; i < 2; i++) await done(world, port, off)
      for (let i = 0; i < 2; i++) await done(world, port, { do: 'delete_securityhub_policy', name })
      expect(await seen()).toBeUndefined()
    },
  },
  {
    name: 'controls: a hook goes into the accounts of an OU once, is changed there, taken out and deleted once',
    async run(world) {
      const port = world.estate.controls.hooks
      if (port === null) throw new Error('There is no adapter for hooks.')
      const target = world.ou.id
      const name = `rankan-hook-contract-${process.pid}`
      const sight = await port.read()
      if (sight === null || sight.bucket === null) throw new Error('No bucket was named.')
      expect(sight.trusted).toBe(true)
      const { bucket } = sight
      const key = 'rankan/contract.guard'
      const seen = async () => (await port.read())?.hooks.find((one) => one.name === name)
      for (let i = 0; i < 2; i++) await done(world, port, { do: 'put_hook_rules', bucket, key, rules: RULES })
      for (const failureMode of ['WARN', 'FAIL', 'FAIL'] as const) {
        const template = hookOf(`s3://${bucket}/${key}`, failureMode)
        await done(world, port, { do: 'put_hook', name, template, failureMode })
        await done(world, port, { do: 'deploy_hook', name, target })
        expect(await seen()).toEqual({ name, template, targets: [target], drift: null, rules: RULES })
      }
      for (let i = 0; i < 2; i++) await done(world, port, { do: 'withdraw_hook', name, target })
      expect(await seen()).toMatchObject({ targets: [] })
      for (let i = 0; i < 2; i++) await done(world, port, { do: 'delete_hook', name })
      expect(await seen()).toBeUndefined()
    },
  },
  {
    name: 'controls: a policy of Organizations is made, corrected, attached, detached and deleted once',
    async run(world) {
      const { policies } = world.estate.controls
      const target = world.ou.id
      const name = `rankan-contract-${process.pid}`
      const at = { kind: 'scp', name } as const
      const seen = async () => (await policies.read())?.policies.find((one) => one.name === name)
      await done(world, policies, { do: 'enable_policy_type', kind: 'tag' })
      for (const action of ['s3:DeleteBucket', 's3:PutBucketPolicy', 's3:PutBucketPolicy']) {
        const content = JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }],
        })
        await done(world, policies, { do: 'put_policy', ...at, description: 'contract', content })
        expect((await seen())?.document).toContain(action)
      }
      for (let i = 0; i < 2; i++) await done(world, policies, { do: 'attach_policy', ...at, target })
      expect(await seen()).toMatchObject({ kind: 'scp', targets: [target] })
      for (let i = 0; i < 2; i++) await done(world, policies, { do: 'detach_policy', ...at, target })
      for (let i = 0; i < 2; i++) await done(world, policies, { do: 'delete_policy', ...at })
      expect(await seen()).toBeUndefined()
    },
  },
]
