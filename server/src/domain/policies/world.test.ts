import { describe, expect, it } from 'vitest'
import type { ReplayPolicy } from './replays.ts'
import { attach, everyPolicy, type ReplayWorld } from './world.ts'

const world: ReplayWorld = {
  version: 1,
  organizationId: 'o-abcdefghij',
  managementAccountId: '999988887777',
  places: [
    { id: 'r-1', kind: 'root', name: 'Root', parentId: null, policies: ['FullAWSAccess', 'regions'] },
    { id: 'ou-1', kind: 'ou', name: 'cities', parentId: 'r-1', policies: ['FullAWSAccess', 'guards'] },
    { id: '111122223333', kind: 'account', name: 'city', parentId: 'ou-1', policies: ['FullAWSAccess'] },
  ],
  policies: [
    { name: 'regions', kind: 'scp', document: '{"a":1}' },
    { name: 'guards', kind: 'scp', document: '{"b":1}' },
  ],
}
const policy = (name: string, targets: string[] = []): ReplayPolicy => ({
  name,
  kind: 'scp',
  document: '{"new":1}',
  targets,
})
const at = (input: ReturnType<typeof attach>) =>
  Object.fromEntries(
    [input.tree.root, ...input.tree.ous, ...input.tree.accounts].map(({ id, policies }) => [id, policies]),
  )

describe('attach', () => {
  it('alone: only these, at the root unless they say where', () => {
    expect(at(attach(world, [policy('new'), policy('mine', ['111122223333'])], false))).toEqual({
      'r-1': ['new'],
      'ou-1': [],
      '111122223333': ['mine'],
    })
  })
  it('on top: what is in force stays', () => {
    const input = attach(world, [policy('new', ['ou-1'])], true)
    expect(at(input)).toEqual({
      'r-1': ['FullAWSAccess', 'regions'],
      'ou-1': ['FullAWSAccess', 'guards', 'new'],
      '111122223333': ['FullAWSAccess'],
    })
    expect(input.policies.map(({ name }) => name)).toEqual(['regions', 'guards', 'new'])
  })
  it('on top: a policy of the same name replaces the one in force, where that one was', () => {
    const input = attach(world, [policy('guards')], true)
    expect(at(input)['ou-1']).toEqual(['FullAWSAccess', 'guards'])
    expect(at(input)['r-1']).toEqual(['FullAWSAccess', 'regions'])
    expect(input.policies.find(({ name }) => name === 'guards')?.document).toBe('{"new":1}')
    expect(at(attach(world, [policy('guards', ['r-1'])], true))['ou-1']).toEqual(['FullAWSAccess'])
  })
})

it('everyPolicy names each policy once, with its places', () => {
  expect(everyPolicy(world, [policy('guards', ['r-1'])], true)).toEqual([
    policy('guards', ['r-1']),
    { name: 'regions', kind: 'scp', document: '{"a":1}', targets: ['r-1'] },
  ])
  expect(everyPolicy(world, [policy('guards')], false)).toHaveLength(1)
})
