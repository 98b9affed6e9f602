import { replayRequest } from '@rankan/server/domain/policies/replays.ts'
import { describe, expect, test } from 'vitest'
import { type DraftPolicy, faultsOf, formOf, freeName, requestOf, type StartForm } from './start.ts'

const DENY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' }],
})
const draft = (name: string, targets: readonly string[] = []): DraftPolicy => ({
  key: name,
  name,
  kind: 'scp',
  document: DENY,
  targets,
})
const form = (more: Partial<StartForm>): StartForm => ({
  awsOrganizationId: 'aws_one',
  title: 'x',
  policies: [draft('a')],
  withInForce: false,
  compare: 'nothing',
  against: [],
  since: '',
  until: '',
  ...more,
})

describe('a replay that is asked for', () => {
  test('each policy keeps its own places, and the set that it is compared with is sent', () => {
    const sent = requestOf(
      form({
        policies: [draft('a', ['ou-1', '111122223333']), draft('b')],
        compare: 'policies',
        against: [draft('a', ['r-1'])],
      }),
      'aws_one',
    )
    expect(replayRequest.parse(sent)).toMatchObject({
      policies: [{ targets: ['ou-1', '111122223333'] }, { targets: [] }],
      against: { what: 'policies', policies: [{ name: 'a', targets: ['r-1'] }] },
    })
    expect(requestOf(form({ against: [draft('z')] }), 'aws_one').against).toBeNull()
    expect(requestOf(form({ compare: 'in_force' }), 'aws_one').against).toEqual({ what: 'in_force' })
  })

  test('says what is missing in either set', () => {
    expect([...faultsOf(form({ policies: [draft('a'), draft(' a')] }))]).toEqual(['names'])
    expect([...faultsOf(form({ compare: 'policies' }))]).toEqual(['against'])
    const broken = { ...draft('b'), document: '{' }
    expect([...faultsOf(form({ compare: 'policies', against: [broken, broken] }))]).toEqual([
      'againstDocument',
      'againstNames',
    ])
    // A set that is not sent has no faults.
    expect(faultsOf(form({ against: [broken] })).size).toBe(0)
  })

  test('the same name in both sets is one policy in two versions', () => {
    expect(faultsOf(form({ compare: 'policies', against: [draft('a')] })).size).toBe(0)
    expect(freeName([draft('a'), draft('a-2')], 'a')).toBe('a-3')
    expect(freeName([draft('a')], 'b')).toBe('b')
  })

  test('is asked again as it was', () => {
    const sent = replayRequest.parse(
      requestOf(
        form({
          policies: [draft('a', ['ou-1'])],
          compare: 'policies',
          against: [draft('b')],
          since: '2026-10-01',
        }),
        'aws_one',
      ),
    )
    const { awsOrganizationId, title, withInForce, since, until, policies } = sent
    const asked = formOf({
      awsOrganizationId,
      title,
      withInForce,
      since,
      until,
      against: 'policies',
      documents: policies,
      againstDocuments: sent.against?.what === 'policies' ? sent.against.policies : [],
    })
    expect(replayRequest.parse(requestOf(asked, awsOrganizationId))).toEqual(sent)
  })
})
