import { describe, expect, it } from 'vitest'
import { compileRules, overall } from '../../guard/guard.ts'
import { checkable } from '../rules.ts'
import { encryptedVolumes } from '../testing.ts'
import { answerHook, type HookOptions } from './answer.ts'
import { hookEvent } from './contract.ts'
import examples from './examples.json' with { type: 'json' }
import { hookHandler } from './handler.ts'
import { hookInput } from './input.ts'

const control = encryptedVolumes('recoverable')
const tables = {
  ...control,
  documents: {
    ...control.documents,
    'cfn.guard': `rule recoverable when Resources.*[ Type == 'AWS::DynamoDB::Table' ] !empty {
  AWS::DynamoDB::Table { Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled in [ true, 'true' ] } }`,
  },
}
const options: HookOptions = {
  controls: checkable([tables]),
  threshold: { severity: 'low', unknown: false },
  language: 'en',
  now: 0,
}
const { resource, stack, stackPayload, changeSet, changeSetPayload } = examples
const ask = (event: unknown, payload: unknown, more: Partial<HookOptions> = {}) =>
  answerHook(event, payload === null ? null : JSON.stringify(payload), { ...options, ...more })
const templates = (template: string) => ({ template, previousTemplate: '' })
const table = (value: string): string =>
  `Parameters: {P: {Type: String}}\nResources: {T: {Type: AWS::DynamoDB::Table, Properties: {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: ${value}}}}}`

describe('requests as AWS documents them', () => {
  it('of a resource fail with annotations', () =>
    expect(ask(resource, null)).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'NonCompliant',
      callbackContext: null,
      message: expect.stringContaining('DDBTable recoverable'),
      annotations: [
        {
          annotationName: 'recoverable',
          status: 'FAILED',
          severityLevel: 'HIGH',
          remediationMessage: 'Encrypt it.',
        },
      ],
    }))
  it('of a stack carry the token back', () =>
    expect(ask(stack, stackPayload)).toMatchObject({
      hookStatus: 'SUCCESS',
      clientRequestToken: 'f8da6d11-b23f-48f4-814c-0fb6a667f50e',
      annotations: [],
    }))
  it('of a change set are answered from its template', () =>
    expect(ask(changeSet, changeSetPayload)).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'NonCompliant',
    }))
  it('of a deletion have nothing to check', () =>
    expect(ask({ ...resource, actionInvocationPoint: 'DELETE_PRE_PROVISION' }, null).hookStatus).toBe(
      'SUCCESS',
    ))
})

describe('what nobody knows', () => {
  it('is skipped with the reason, and fails when one says so', () => {
    const open = ask(stack, templates(table('!Ref P')))
    expect(open).toMatchObject({
      hookStatus: 'SUCCESS',
      annotations: [
        { status: 'SKIPPED', statusMessage: expect.stringContaining('the parameter `P` has no value yet') },
      ],
    })
    expect(
      ask(stack, templates(table('!Ref P')), { threshold: { severity: 'low', unknown: true } }).hookStatus,
    ).toBe('FAILED')
  })
  it.each([
    ['true', 'SUCCESS', 0],
    ['false', 'FAILED', 1],
    ['{{changeSet:KNOWN_AFTER_APPLY}}', 'SUCCESS', 1],
  ])('is taken from the change set: %s', (value, hookStatus, annotations) => {
    const afterContext = JSON.stringify({
      Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: value } },
    })
    const payload = {
      template: table('!Ref P'),
      changedResources: [{ action: 'CREATE', logicalResourceId: 'T', afterContext }],
    }
    const answer = ask(changeSet, payload)
    expect([answer.hookStatus, answer.annotations.length]).toEqual([hookStatus, annotations])
  })
})

describe('what cannot be evaluated is an internal failure, never a success', () => {
  it.each([
    ['no request', { a: 1 }, null],
    ['a payload that is gone', stack, null],
    ['a payload that is something else', stack, { x: 1, template: 5 }],
    ['a template that is broken', stack, { template: 'Resources: [' }],
  ])('%s', (_, event, payload) =>
    expect(ask(event, payload)).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' }),
  )

  it('a URL that does not answer', async () => {
    const handler = hookHandler(options, { fetchText: () => Promise.reject(new Error('403')), now: () => 0 })
    expect(await handler(stack)).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' })
  })
})

it('the payload is fetched from the address of the request', async () => {
  const asked: string[] = []
  const fetchText = (url: string): Promise<string> => {
    asked.push(url)
    return Promise.resolve(JSON.stringify(stackPayload))
  }
  expect((await hookHandler(options, { fetchText, now: () => 0 })(stack)).hookStatus).toBe('SUCCESS')
  expect(asked).toEqual([stack.requestData.payload])
})

it('rules see resource and hook as a Guard hook shows them', () => {
  const input = hookInput(hookEvent.parse(resource), null)
  const rules = compileRules(`rule r { HookContext.TargetName == 'AWS::DynamoDB::Table'
    Resources.DDBTable.ResourceType == 'AWS::DynamoDB::Table'
    Previous.DDBTable.ResourceProperties.ProvisionedThroughput.ReadCapacityUnits == 5 }`)
  expect(overall(rules?.verdicts(input?.document.value ?? null) ?? [])).toBe('PASS')
})
