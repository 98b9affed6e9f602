import { expect, it } from 'vitest'
import type { ReplayWorld } from '../../domain/policies/world.ts'
import { placesWithPolicies } from './places.ts'

const world = (policies: ReplayWorld['policies']): ReplayWorld => ({
  version: 1,
  organizationId: 'o-1',
  managementAccountId: '111111111111',
  places: [
    { id: '222222222222', kind: 'account', name: 'one', parentId: 'ou-1', policies: ['FullAWSAccess'] },
    { id: 'ou-1', kind: 'ou', name: 'Workloads', parentId: 'r-1', policies: ['FullAWSAccess', 'keep'] },
    { id: 'ou-2', kind: 'ou', name: 'Sandbox', parentId: 'r-1', policies: ['FullAWSAccess'] },
    {
      id: 'r-1',
      kind: 'root',
      name: 'Root',
      parentId: null,
      policies: ['FullAWSAccess', 'RCPFullAWSAccess'],
    },
  ],
  policies,
})

it('gives root and what has a policy of its own, with all that binds there, root first', () => {
  const places = placesWithPolicies(world([{ name: 'keep', kind: 'scp', document: '{}' }]))
  expect(places.map(({ id }) => id)).toEqual(['r-1', 'ou-1'])
  const { scps, rcps } = places[1]?.inForce ?? { scps: [], rcps: [] }
  expect(scps.map(({ target, policies }) => [target, policies.map(({ name }) => name)])).toEqual([
    ['Root', ['FullAWSAccess']],
    ['Workloads', ['FullAWSAccess', 'keep']],
  ])
  // A level of a type that nobody attached anything to does not stand for "denies everything".
  expect(rcps.map(({ target }) => target)).toEqual(['Root'])
})
