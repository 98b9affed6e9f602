import { describe, expect, it } from 'vitest'
import type { PolicyKind } from '../policies.ts'
import { parsePolicy } from './policy.ts'

const codesOf = (resource: string, kind: PolicyKind = 'identity') =>
  parsePolicy(
    { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 's3:GetObject', Resource: resource } },
    kind,
  ).problems.map(({ code }) => code)

describe('resources that IAM refuses', () => {
  it.each([
    ['arn:aws:iam:eu-west-1:111122223333:role/a', 'arn_with_region'],
    ['arn:aws:s3:eu-west-1::ledger', 'arn_with_region'],
    ['arn:aws:iam::111122223333:roles/a', 'iam_path'],
    ['arn:aws:iam::111122223333:ledger', 'iam_path'],
    ['arn:aws::::ledger', 'arn_without_service'],
  ])('%s: %s', (resource, code) => {
    expect(codesOf(resource)).toEqual([code])
    expect(codesOf(resource, 'boundary')).toEqual([code])
  })

  it.each([
    'arn:aws:iam::111122223333:role/a',
    'arn:aws:iam::*:*',
    'arn:aws:iam::*:ro*',
    'arn:aws:iam::111122223333:root',
    'arn:aws:iam::111122223333:$' + '{aws:PrincipalTag/kind}/a',
    'arn:aws:iam:*:111122223333:role/a',
    'arn:aws:s3:eu-west-1:111122223333:accesspoint/a',
    'arn:aws:s3:::ledger/a',
    'arn:aws:iam::*',
    'arn:aws:iam::111122223333:delegation-request/a',
    'arn:aws:iam::111122223333:assumed-role/a/b',
    'arn:aws:iam::aws:role-template/ledger.amazonaws.com/a:1',
  ])('takes %s', (resource) => expect(codesOf(resource)).toEqual([]))

  it('leaves policies alone that IAM does not keep', () => {
    expect(codesOf('arn:aws:iam::111122223333:ledger', 'scp')).toEqual([])
  })

  it('takes a service prefix with a full stop, which IAM takes', () => {
    const statement = { Effect: 'Allow', Action: 'ledger.v2:Read', Resource: '*' }
    expect(parsePolicy({ Version: '2012-10-17', Statement: statement }, 'identity').problems).toEqual([])
  })
})
