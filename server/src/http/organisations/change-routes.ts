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

const tag = 'Organisations: what belongs to them'

/** Row-level security decides whose things these are: another organisation's is not found. */
export const changeRoutes = [
  route({
    method: 'put',
    path: '/api/systems/{id}',
    action: 'organisation.system.change',
    tag,
    summary: 'A new name or business area of a system from a day on; the earlier one stays as history',
    params: idParam,
    body: systemChangeForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => changeSystem(tx, params.id, body))
      return undefined
    },
  }),
  route({
    method: 'post',
    path: '/api/systems/{id}/end',
    action: 'organisation.system.change',
    tag,
    summary: 'Ends a system on that day; refused while it has accounts or open applications',
    params: idParam,
    body: leaveForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => endSystem(tx, params.id, body.day))
      return undefined
    },
  }),
  route({
    method: 'put',
    path: '/api/contracts/{id}',
    action: 'organisation.contract.change',
    tag,
    summary: 'A new end and other systems of a contract; roles under it end with it at the latest',
    params: idParam,
    body: contractChangeForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => changeContract(tx, params.id, body))
      return undefined
    },
  }),
  route({
    method: 'post',
    path: '/api/contracts/{id}/end',
    action: 'organisation.contract.change',
    tag,
    summary: 'Ends a contract earlier than agreed, and the roles under it',
    params: idParam,
    body: leaveForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => endContract(tx, params.id, body.day))
      return undefined
    },
  }),
  route({
    method: 'get',
    path: '/api/contracts/{id}/people/{userName}',
    action: 'organisation.people.change',
    tag,
    summary: "The id of the company's person of that user name, for a role under the contract",
    params: idParam.extend({ userName: z.string().max(100) }),
    reply: z.object({ id: z.string() }),
    handle: async ({ params, actor, services }) => ({
      id: await transact(services.on, actor, (tx) => personOfContract(tx, params.id, params.userName)),
    }),
  }),
  route({
    method: 'post',
    path: '/api/contacts/{id}/end',
    action: 'organisation.people.change',
    tag,
    summary: 'Ends a contact on that day without a new one',
    params: idParam,
    body: leaveForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => endContact(tx, params.id, body.day))
      return undefined
    },
  }),
  route({
    method: 'put',
    path: '/api/people/{id}',
    action: 'organisation.people.change',
    tag,
    summary: 'Puts the name or address of a person right',
    params: idParam,
    body: personChangeForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => changePerson(tx, params.id, body))
      return undefined
    },
  }),
]
