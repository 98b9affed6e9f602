import { describe, expect, it } from 'vitest'
import { keptOf, setOf } from '../../catalog/plan/testing.ts'
import { library, planFor } from './testing.ts'

const PROTECTOR = 'central-roles-protected'
const listOf = (control: string, parameter: string): readonly string[] => {
  const found = library.find(({ record }) => record.id === control)?.record.parameters[parameter]?.default
  return Array.isArray(found) ? found : []
}
const notes = (...controls: string[]) => planFor({ sets: [setOf('a', ...controls)] }).notes

describe('roles that statements leave out by name', () => {
  it('are told of when tenants could make roles of such names', () => {
    expect(notes('config-protected')[0]?.en).toContain(PROTECTOR)
    expect(notes('config-protected')[0]?.en).toContain('`config-protected`')
    expect(notes('kms-rotation-kept')).toEqual([])
  })

  it('are not told of when the control that protects the names comes too, or is in force above', () => {
    expect(notes('config-protected', PROTECTOR)).toEqual([])
    const kept = keptOf(planFor({ target: 'r-test', sets: [setOf('a', PROTECTOR)] }))
    const below = { sets: [setOf('b', 'config-protected')], kept }
    expect(planFor(below).notes).toEqual([])
    const elsewhere = kept.policies.map((one) => ({ ...one, target: 'ou-test-bbbbbbbb' }))
    expect(planFor({ ...below, kept: { ...kept, policies: elsewhere } }).notes).toHaveLength(1)
  })

  it('are told of when the control does not protect the names that a set gives', () => {
    const role = 'arn:aws:iam::*:role/NetworkAdmin'
    const sso = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Ops_*'
    const exempting = (...exemptPrincipals: string[]) => ({
      control: 'config-protected',
      values: { exemptPrincipals },
    })
    const told = planFor({ sets: [setOf('a', exempting(role, sso), PROTECTOR)] }).notes
    expect(told).toHaveLength(1)
    expect(told[0]?.en).toContain(`\`${role}\``)
    expect(told[0]?.en).not.toContain(sso)
    const also = { control: PROTECTOR, values: { centralRoles: ['arn:aws:iam::*:role/Network*'] } }
    expect(planFor({ sets: [setOf('a', exempting(role), also)] }).notes[0]?.en).not.toContain(role)
    const kept = keptOf(planFor({ target: 'r-test', sets: [setOf('a', PROTECTOR)] }))
    expect(planFor({ sets: [setOf('b', exempting(role))], kept }).notes).toHaveLength(1)
  })

  it('are all among those that the control protects, and let the stack sets of the centre work', () => {
    const named = library.flatMap(({ record }) =>
      ['exemptPrincipals', 'networkRoles'].flatMap((parameter) => [listOf(record.id, parameter)]),
    )
    const lists = named.filter((list) => list.length > 0)
    expect(lists.length).toBeGreaterThan(30)
    const isProtected = (role: string) =>
      listOf(PROTECTOR, 'centralRoles').some((one) =>
        one.endsWith('*') ? role.startsWith(one.slice(0, -1)) : role === one,
      )
    for (const list of lists) {
      expect(list.filter((role) => !isProtected(role))).toEqual([])
      expect(list).toContain('arn:aws:iam::*:role/stacksets-exec-*')
    }
  })
})
