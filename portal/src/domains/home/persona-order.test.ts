import { expect, test } from 'vitest'
import type { Persona } from '../../api/session.ts'
import { inOrder } from './persona-order.ts'

const persona = (id: string, role: Persona['role'], organisationIds: string[] = []): Persona =>
  ({ id, role, organisationIds, name: id, organisationName: null }) as unknown as Persona

test('the central operator is first, then the auditor, then each organisation by the order of its roles', () => {
  const personas = [
    persona('auditor', 'central_auditor'),
    persona('asp', 'asp', ['org_1', 'org_2']),
    persona('owner-2', 'organisation_owner', ['org_2']),
    persona('pjmo', 'project_office', ['org_1']),
    persona('operator', 'central_operator'),
    persona('owner-1', 'organisation_owner', ['org_1']),
  ]
  expect(inOrder(personas).map(({ id }) => id)).toEqual([
    'operator',
    'auditor',
    'owner-1',
    'pjmo',
    'asp',
    'owner-2',
  ])
})
