import { expect, it } from 'vitest'
import { formsInForce } from './in-force.ts'
import type { Control } from './record.ts'

const request = (action: string) => ({
  action,
  resource: '*',
  principal: 'arn:aws:sts::111122223333:assumed-role/Developer/session',
  context: {},
})
const control = {
  record: { forms: { preventive: [{ kind: 'scp', file: 'scp.json' }] } },
  documents: {},
  cases: [
    { name: 'stop', form: 'scp', request: request('cloudtrail:StopLogging'), expect: 'denied' },
    { name: 'delete', form: 'scp', request: request('cloudtrail:DeleteTrail'), expect: 'denied' },
    { name: 'read', form: 'scp', request: request('cloudtrail:GetTrail'), expect: 'allowed' },
  ],
} as unknown as Control

const statement = (effect: string, action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'S', Effect: effect, Action: action, Resource: '*' }],
})
const level = (target: string, policies: Readonly<Record<string, unknown>>) => ({
  target,
  policies: Object.entries(policies).map(([name, document]) => ({ name, document })),
})
const full = { FullAWSAccess: statement('Allow', '*') }

it('counts the calls that somebody’s policy denies, wherever on the way it is attached', () => {
  const scps = [
    level('Root', { ...full, 'keep-trail': JSON.stringify(statement('Deny', 'cloudtrail:Stop*')) }),
    level('Workloads', full),
  ]
  expect(formsInForce(control, { scps, rcps: [] })).toEqual([
    { kind: 'scp', tried: 2, denied: 1, policies: ['keep-trail'] },
  ])
})

it('says that nothing is denied where only AWS’s own policies are, or the type is off', () => {
  const none = [{ kind: 'scp', tried: 2, denied: 0, policies: [] }]
  expect(formsInForce(control, { scps: [level('Root', full)], rcps: [] })).toEqual(none)
  expect(formsInForce(control, { scps: [], rcps: [] })).toEqual(none)
})
