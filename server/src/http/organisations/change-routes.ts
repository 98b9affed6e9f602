import { z } from '@hono/zod-openapi'
import {
  contractChangeForm,
  leaveForm,
  personChangeForm,
  systemChangeForm,
} from '../../domain/organisations/forms.ts'
import {
  changeContract,
  changePerson,
  changeSystem,
  endContact,
  endContract,
  endSystem,
  personOfContract,
} from '../../storage/organisations/changes.ts'
import { transact } from '../../storage/transact.ts'
import { route } from '../route.ts'
import { idParam } from './register-routes.ts'
import { changing, TENANCY_TAG } from './tenancy-routes.ts'

/** Row-level security decides whose things these are: another organisation's is not found. */
export const changeRoutes = [
  changing(
    {
      method: 'put',
      path: '/api/systems/{id}',
      action: 'organisation.system.change',
      summary: 'A new name or business area of a system from a day on; the earlier one stays as history',
      body: systemChangeForm,
    },
    changeSystem,
  ),
  changing(
    {
      method: 'post',
      path: '/api/systems/{id}/end',
      action: 'organisation.system.change',
      summary: 'Ends a system on that day; refused while it has accounts or open applications',
      body: leaveForm,
    },
    (tx, id, { day }) => endSystem(tx, id, day),
  ),
  changing(
    {
      method: 'put',
      path: '/api/contracts/{id}',
      action: 'organisation.contract.change',
      summary: 'A new end and other systems of a contract; roles under it end with it at the latest',
      body: contractChangeForm,
    },
    changeContract,
  ),
  changing(
    {
      method: 'post',
      path: '/api/contracts/{id}/end',
      action: 'organisation.contract.change',
      summary: 'Ends a contract earlier than agreed, and the roles under it',
      body: leaveForm,
    },
    (tx, id, { day }) => endContract(tx, id, day),
  ),
  route({
    method: 'get',
    path: '/api/contracts/{id}/people/{userName}',
    action: 'organisation.people.change',
    tag: TENANCY_TAG,
    summary: "The id of the company's person of that user name, for a role under the contract",
    params: idParam.extend({ userName: z.string().max(100) }),
    reply: z.object({ id: z.string() }),
    handle: async ({ params, actor, services }) => ({
      id: await transact(services.on, actor, (tx) => personOfContract(tx, params.id, params.userName)),
    }),
  }),
  changing(
    {
      method: 'post',
      path: '/api/contacts/{id}/end',
      action: 'organisation.people.change',
      summary: 'Ends a contact on that day without a new one',
      body: leaveForm,
    },
    (tx, id, { day }) => endContact(tx, id, day),
  ),
  changing(
    {
      method: 'put',
      path: '/api/people/{id}',
      action: 'organisation.people.change',
      summary: 'Puts the name or address of a person right',
      body: personChangeForm,
    },
    changePerson,
  ),
]
