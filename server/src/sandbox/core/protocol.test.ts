import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeJson, encodeJson } from './codec-json.ts'
import { AwsError } from './contract.ts'
import { loadModel } from './load-model.ts'
import type { ServiceModel } from './model.ts'
import { errorReply, replyOf, targetOf, type WireRequest } from './protocol.ts'
import { validationError, violations } from './validate.ts'

const request = (
  body: string,
  headers: Record<string, string> = {},
  url = '/',
  method = 'POST',
): WireRequest => ({
  method,
  url,
  headers,
  body: Buffer.from(body),
})

const names = readdirSync(new URL('../models/', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))

describe('goldens', () => {
  test('JSON 1.1: target, seconds with fraction, empty reply', () => {
    const model = loadModel('organizations')
    const target = targetOf(
      model,
      request('{"AccountId":"111122223333","Unknown":1}', {
        'x-amz-target': 'AWSOrganizationsV20161128.DescribeAccount',
      }),
    )
    expect(target.operation).toBe('DescribeAccount')
    expect(target.decode()).toEqual({ AccountId: '111122223333' })
    const reply = replyOf(
      model,
      'DescribeAccount',
      { Account: { Id: '1', JoinedTimestamp: 1_500_000_000_250, Email: undefined, inner: 'x' } },
      'rid',
    )
    expect(reply).toEqual({
      status: 200,
      headers: { 'x-amzn-requestid': 'rid', 'content-type': 'application/x-amz-json-1.1' },
      body: '{"Account":{"Id":"1","JoinedTimestamp":1500000000.25}}',
    })
    expect(replyOf(model, 'MoveAccount', undefined, 'rid').body).toBe('')
  })

  test('JSON 1.1 errors carry the shape’s own members and its spelling of Message', () => {
    const error = new AwsError('ConstraintViolationException', 'too many', {
      Reason: 'OU_DEPTH_LIMIT_EXCEEDED',
    })
    const reply = errorReply(loadModel('organizations'), error, 'rid')
    expect(reply.status).toBe(400)
    expect(JSON.parse(reply.body)).toEqual({
      __type: 'ConstraintViolationException',
      Reason: 'OU_DEPTH_LIMIT_EXCEEDED',
      Message: 'too many',
    })
  })

  test('query: lists in, XML out with escapes, errors with the code that the shape names', () => {
    const model = loadModel('iam')
    const form =
      'Action=TagRole&Version=2010-05-08&RoleName=R&Tags.member.1.Key=a&Tags.member.1.Value=b+c&Tags.member.2.Key=d&Tags.member.2.Value='
    expect(targetOf(model, request(form)).decode()).toEqual({
      RoleName: 'R',
      Tags: [
        { Key: 'a', Value: 'b c' },
        { Key: 'd', Value: '' },
      ],
    })
    const reply = replyOf(
      model,
      'ListRoleTags',
      { Tags: [{ Key: 'a', Value: '<&>' }], IsTruncated: false },
      'rid',
    )
    expect(reply.body).toBe(
      '<ListRoleTagsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRoleTagsResult><Tags><member><Key>a</Key>' +
        '<Value>&lt;&amp;&gt;</Value></member></Tags><IsTruncated>false</IsTruncated></ListRoleTagsResult>' +
        '<ResponseMetadata><RequestId>rid</RequestId></ResponseMetadata></ListRoleTagsResponse>',
    )
    const error = errorReply(model, new AwsError('NoSuchEntityException', 'gone'), 'rid')
    expect(error.status).toBe(404)
    expect(error.body).toContain(
      '<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>gone</Message></Error>',
    )
  })

  test('REST: path labels, query strings and the error header', () => {
    const model = loadModel('controltower')
    const arn = 'arn:aws:controltower:ap-northeast-1:1:enabledcontrol/X'
    const untag = targetOf(
      model,
      request('', {}, `/tags/${encodeURIComponent(arn)}?tagKeys=a&tagKeys=b`, 'DELETE'),
    )
    expect(untag.operation).toBe('UntagResource')
    expect(untag.decode()).toEqual({ resourceArn: arn, tagKeys: ['a', 'b'] })
    const reply = errorReply(
      model,
      new AwsError('ThrottlingException', 'slow', { retryAfterSeconds: 3 }),
      'rid',
    )
    expect(reply.status).toBe(429)
    expect(reply.headers['x-amzn-errortype']).toBe('ThrottlingException')
  })

  test('SQS names its old query code beside the new one', () => {
    const reply = errorReply(loadModel('sqs'), new AwsError('QueueDoesNotExist', 'gone'), 'rid')
    expect(reply.headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender')
    expect(reply.headers['content-type']).toBe('application/x-amz-json-1.0')
  })

  test('what is no operation is said so', () => {
    expect(() =>
      targetOf(loadModel('organizations'), request('{}', { 'x-amz-target': 'Other.DescribeAccount' })),
    ).toThrow(AwsError)
    expect(() => targetOf(loadModel('iam'), request('Action=GetRole&Version=1999-01-01'))).toThrow(
      /Could not find operation GetRole/,
    )
    expect(() => targetOf(loadModel('controltower'), request('', {}, '/nothing'))).toThrow(AwsError)
  })
})

describe.each(names)('the model of %s', (name) => {
  const model = loadModel(name)
  test('has patterns that compile', () => {
    for (const { pattern } of Object.values(model.shapes))
      if (pattern !== undefined) new RegExp(`^(?:${pattern})$`, 'u')
  })

  test('any output comes out of JSON as it went in', () => {
    const outputs = Object.values(model.operations).flatMap(({ output }) => (output ? [output] : []))
    const anyOutput = fc
      .constantFrom(...outputs)
      .chain((shape) => fc.tuple(fc.constant(shape), arbitraryOf(model, shape, 0)))
    fc.assert(
      fc.property(anyOutput, ([shape, value]) => {
        const wire = JSON.parse(JSON.stringify(encodeJson(model, shape, value)))
        expect(decodeJson(model, shape, wire)).toEqual(value)
      }),
      { numRuns: 40 },
    )
  })

  test('no body, however hostile, does more than an AWS error', () => {
    const inputs = Object.values(model.operations).flatMap(({ input }) => (input ? [input] : []))
    fc.assert(
      fc.property(fc.constantFrom(...inputs), fc.jsonValue(), (shape, value) => {
        try {
          violations(model, shape, decodeJson(model, shape, value))
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError)
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** Values of a shape: what a handler might return. */
function arbitraryOf(model: ServiceModel, name: string, depth: number): fc.Arbitrary<unknown> {
  const shape = model.shapes[name]
  if (shape?.document) return fc.constant({ any: ['thing'] })
  switch (shape?.type) {
    case 'structure': {
      const members = Object.entries(shape.members ?? {}).filter(
        ([, m]) => depth < 4 && m.location === undefined,
      )
      const record = Object.fromEntries(
        members.map(([key, m]) => [key, arbitraryOf(model, m.shape, depth + 1)]),
      )
      return fc.record(record, { requiredKeys: [] }).map((value) => ({ ...value }))
    }
    case 'list':
      return fc.array(arbitraryOf(model, shape.member?.shape ?? '', depth + 1), { maxLength: 2 })
    case 'map':
      return fc
        .dictionary(
          fc.string({ minLength: 1, maxLength: 5 }).filter((k) => k !== '__proto__'),
          arbitraryOf(model, shape.value?.shape ?? '', depth + 1),
          { maxKeys: 2 },
        )
        .map((value) => ({ ...value }))
    case 'timestamp':
      return fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000)
    case 'boolean':
      return fc.boolean()
    case 'string':
    case 'blob':
      return fc.string()
    default:
      return fc.integer()
  }
}

test('broken constraints are worded as AWS words them, all at once', () => {
  const model = loadModel('servicecatalog')
  const input = { ProvisionedProductName: '-bad', ProvisionToken: 'x'.repeat(129) }
  const found = violations(model, 'ProvisionProductInput', input)
  const { code, message } = validationError(found)
  expect(code).toBe('ValidationException')
  expect(message).toMatch(/^2 validation errors detected: Value '/)
  expect(message).toContain(
    "at 'provisionToken' failed to satisfy constraint: Member must have length less than or equal to 128",
  )
  expect(message).toContain(
    "Value '-bad' at 'provisionedProductName' failed to satisfy constraint: Member must satisfy regular expression pattern: ",
  )
})
