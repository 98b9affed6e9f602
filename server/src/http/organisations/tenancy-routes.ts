import { z } from '@hono/zod-openapi'
import type { Action } from '../../domain/access/table.ts'
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
import type { IdSource } from '../../kernel/ids.ts'
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
import { type Tx, transact } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'
import { idParam } from './register-routes.ts'

interface Head<B extends z.ZodType> {
  readonly method: 'post' | 'put'
  readonly path: string
  readonly action: Action
  readonly summary: string
  readonly body: B
}

export const TENANCY_TAG = 'Organisations: what belongs to them'
const made = z.object({ id: z.string() })

/** A route on `/api/organisations/{id}/…` that makes something there and answers its id. */
const making = <B extends z.ZodType>(
  { status = 201, ...head }: Head<B> & { readonly status?: 200 | 201 },
  make: (tx: Tx, newId: IdSource, organisationId: string, body: z.output<B>) => Promise<string>,
): Route =>
  route({
    ...head,
    tag: TENANCY_TAG,
    params: idParam,
    reply: made,
    status,
    handle: async ({ params, body, actor, services, ids, authorise }) => {
      authorise({ organisationId: params.id })
      const values = body as z.output<B>
      return { id: await transact(services.on, actor, (tx) => make(tx, ids, params.id, values)) }
    },
  })

/**
 * A route that changes one thing by its own id. Whose it is only the row says: row-level security refuses what Cedar let
 * through, and an id of another organisation is not found.
 */
export const changing = <B extends z.ZodType>(
  head: Head<B>,
  change: (tx: Tx, id: string, body: z.output<B>) => Promise<unknown>,
): Route =>
  route({
    ...head,
    tag: TENANCY_TAG,
    params: idParam,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => change(tx, params.id, body as z.output<B>))
      return undefined
    },
  })

export const tenancyRoutes: readonly Route[] = [
  making(
    {
      method: 'put',
      path: '/api/organisations/{id}/contacts',
      action: 'organisation.people.change',
      summary: 'A contact (security, operations or billing) from a day on',
      body: contactForm,
      status: 200,
    },
    putContact,
  ),
  changing(
    {
      method: 'put',
      path: '/api/contacts/{id}/reachability',
      action: 'organisation.people.change',
      summary: 'Whether a contact was reached',
      body: reachabilityForm,
    },
    (tx, id, { reachability }) => markContact(tx, id, reachability),
  ),
  making(
    {
      method: 'post',
      path: '/api/organisations/{id}/systems',
      action: 'organisation.system.change',
      summary: 'Registers a system, in single or shared use',
      body: systemForm,
    },
    createSystem,
  ),
  changing(
    {
      method: 'put',
      path: '/api/systems/{id}/tenants',
      action: 'organisation.system.change',
      summary: "The tenants' shares of a shared system from a day on; they sum to 100 %",
      body: tenantsForm,
    },
    (tx, id, { from, tenants }) => setTenants(tx, id, from, tenants),
  ),
  making(
    {
      method: 'post',
      path: '/api/organisations/{id}/contracts',
      action: 'organisation.contract.change',
      summary: 'Registers a contract with an operator company',
      body: contractForm,
    },
    createContract,
  ),
  making(
    {
      method: 'post',
      path: '/api/organisations/{id}/people',
      action: 'organisation.people.change',
      summary: 'Registers a person',
      body: personForm,
    },
    addPerson,
  ),
  changing(
    {
      method: 'post',
      path: '/api/people/{id}/leave',
      action: 'organisation.people.change',
      summary: 'The person leaves: `day` is the first day that they are gone',
      body: leaveForm,
    },
    (tx, id, { day }) => personLeaves(tx, id, day),
  ),
  making(
    {
      method: 'post',
      path: '/api/organisations/{id}/grants',
      action: 'organisation.people.change',
      summary: 'Gives a person a role there; under a contract it ends with the contract',
      body: grantForm,
    },
    grantRole,
  ),
  changing(
    {
      method: 'post',
      path: '/api/grants/{id}/end',
      action: 'organisation.people.change',
      summary: 'Ends a role on that day',
      body: leaveForm,
    },
    (tx, id, { day }) => endGrant(tx, id, day),
  ),
]
