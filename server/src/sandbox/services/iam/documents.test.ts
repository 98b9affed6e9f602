import { expect, it } from 'vitest'
import { checkDocument } from './documents.ts'

const document = (more: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more }],
  })

it.each([
  ['an action is missing', { Action: undefined }, 'Policy statement must contain actions.'],
  ['a resource is missing', { Resource: undefined }, 'Policy statement must contain resources.'],
  ['a resource is empty', { Resource: '' }, 'Resource  must be in ARN format or "*".'],
  ['a resource is no ARN', { Resource: 'docs' }, 'Resource docs must be in ARN format or "*".'],
  ['an ARN is too short', { Resource: 'arn:aws:s3' }, 'The policy failed legacy parsing'],
  ['an action has two colons', { Action: 'logs:*:*' }, 'Actions/Condition can contain only one colon.'],
  ['there is an element of another name', { Efect: 'Allow' }, 'Syntax errors in policy.'],
  ['an action has no service', { Action: 'GetObject' }, /must be prefaced by a vendor/],
] as const)('IAM says what it says when %s', (_, more, message) => {
  expect(() => checkDocument(document(more), 'identity')).toThrow(message)
})
