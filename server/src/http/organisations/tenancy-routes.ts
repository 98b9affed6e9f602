import { z } from '@hono/zod-openapi'
import {
  contactForm,
  contractForm,
  grantForm,
  leaveForm,
  personForm,
  reachabilityForm,
  systemForm,
  tenantsForm,
} from '../../domain/organisations/forms.ts'
import {
  addPerson,
  createContract,
  createSystem,
  endGrant,
  grantRole,
  markContact,
  personLeaves,
  putContact,
  setTenants,
} from '../../storage/organisations/tenancy.ts'
import { transact } from '../../storage/transact.ts'
import { route } from '../route.ts'
import { idParam } from './register-routes.ts'

const made = z.object({ id: z.string() })
const tag = 'Organisations: what belongs to them'

/** Row-level security refuses what Cedar let through by mistake: an id of another organisation is not found. */
export const tenancyRoutes = [
  route({
    method: 'put',
    path: '/api/organisations/{id}/contacts',
    action: 'organisation.people.change',
    tag,
    summary: 'A contact (security, operations or billing) from a day on',
    params: idParam,
    body: contactForm,
    reply: made,
    handle: async ({ params, body, actor, services, ids, authorise }) => {
      authorise({ organisationId: params.id })
      return { id: await transact(services.on, actor, (tx) => putContact(tx, ids, params.id, body)) }
    },
  }),
  route({
    method: 'put',
    path: '/api/contacts/{id}/reachability',
    action: 'organisation.people.change',
    tag,
    summary: 'Whether a contact was reached',
    params: idParam,
    body: reachabilityForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => markContact(tx, params.id, body.reachability))
      return undefined
    },
  }),
  route({
    method: 'post',
    path: '/api/organisations/{id}/systems',
    action: 'organisation.system.change',
    tag,
    summary: 'Registers a system, in single or shared use',
    params: idParam,
    body: systemForm,
    reply: made,
    status: 201,
    handle: async ({ params, body, actor, services, ids, authorise }) => {
      authorise({ organisationId: params.id })
      return { id: await transact(services.on, actor, (tx) => createSystem(tx, ids, params.id, body)) }
    },
  }),
  route({
    method: 'put',
    path: '/api/systems/{id}/tenants',
    action: 'organisation.system.change',
    tag,
    summary: "The tenants' shares of a shared system from a day on; they sum to 100 %",
    params: idParam,
    body: tenantsForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => setTenants(tx, params.id, body.from, body.tenants))
      return undefined
    },
  }),
  route({
    method: 'post',
    path: '/api/organisations/{id}/contracts',
    action: 'organisation.contract.change',
    tag,
    summary: 'Registers a contract with an operator company',
    params: idParam,
    body: contractForm,
    reply: made,
    status: 201,
    handle: async ({ params, body, actor, services, ids, authorise }) => {
      authorise({ organisationId: params.id })
      return { id: await transact(services.on, actor, (tx) => createContract(tx, ids, params.id, body)) }
    },
  }),
  route({
    method: 'post',
    path: '/api/organisations/{id}/people',
    action: 'organisation.people.change',
    tag,
    summary: 'Registers a person',
    params: idParam,
    body: personForm,
    reply: made,
    status: 201,
    handle: async ({ params, body, actor, services, ids, authorise }) => {
      authorise({ organisationId: params.id })
      return { id: await transact(services.on, actor, (tx) => addPerson(tx, ids, params.id, body)) }
    },
  }),
  route({
    method: 'post',
    path: '/api/people/{id}/leave',
    action: 'organisation.people.change',
    tag,
    summary: 'The person leaves: `day` is the first day that they are gone',
    params: idParam,
    body: leaveForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => personLeaves(tx, params.id, body.day))
      return undefined
    },
  }),
  route({
    method: 'post',
    path: '/api/organisations/{id}/grants',
    action: 'organisation.people.change',
    tag,
    summary: 'Gives a person a role there; under a contract it ends with the contract',
    params: idParam,
    body: grantForm,
    reply: made,
    status: 201,
    handle: async ({ params, body, actor, services, ids, authorise }) => {
      authorise({ organisationId: params.id })
      return { id: await transact(services.on, actor, (tx) => grantRole(tx, ids, params.id, body)) }
    },
  }),
  route({
    method: 'post',
    path: '/api/grants/{id}/end',
    action: 'organisation.people.change',
    tag,
    summary: 'Ends a role on that day',
    params: idParam,
    body: leaveForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => endGrant(tx, params.id, body.day))
      return undefined
    },
  }),
]
