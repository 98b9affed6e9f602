import { formsInForce, type PoliciesInForce } from '../../catalog/in-force.ts'
import type { Control } from '../../catalog/record.ts'
import type { ControlInForce, FormInForce, PlaceInForce } from '../../catalog/view.ts'
import { type Actor, CENTRAL_ROLES } from '../../domain/people/roles.ts'
import { listAccounts, listAwsOrganizations } from '../../storage/estate/list.ts'
import { policiesOfAccounts } from '../../storage/policies/account-policies.ts'
import { readingTimes, worldNow } from '../../storage/policies/replay-world.ts'
import type { Tx } from '../../storage/transact.ts'
import { type Place, placesWithPolicies } from './places.ts'

/** More than one reads on a page; each costs a walk up the tree. */
const MOST_ACCOUNTS = 100

/** The database shows a tenant its own accounts alone. */
export function whereInForce(tx: Tx, control: Control, actor: Actor): Promise<ControlInForce> {
  const ask = remembering(control)
  const isCentre = (CENTRAL_ROLES as readonly string[]).includes(actor.role)
  return isCentre ? ofTheCentre(tx, ask) : ofTenant(tx, ask)
}

type Ask = (inForce: PoliciesInForce) => FormInForce[]

/** Accounts of one OU have the same policies: the engine is asked once. */
function remembering(control: Control): Ask {
  const answers = new Map<string, FormInForce[]>()
  return (inForce) => {
    const key = JSON.stringify(inForce)
    const found = answers.get(key) ?? [...formsInForce(control, inForce)]
    answers.set(key, found)
    return found
  }
}

async function ofTheCentre(tx: Tx, ask: Ask): Promise<ControlInForce> {
  const read = await readingTimes(tx)
  const places: PlaceInForce[] = []
  const unread: string[] = []
  for (const organization of await listAwsOrganizations(tx)) {
    const readAt = read.get(organization.id)
    if (readAt === undefined) unread.push(organization.name)
    else
      for (const place of placesWithPolicies(await worldNow(tx, organization.id)))
        places.push(viewOf(organization, place, readAt, ask))
  }
  return { places, unread, more: false }
}

const viewOf = (
  { id, name }: { readonly id: string; readonly name: string },
  place: Place,
  readAt: string,
  ask: Ask,
): PlaceInForce => ({
  awsOrganizationId: id,
  awsOrganizationName: name,
  id: place.id,
  kind: place.kind,
  name: place.name,
  readAt,
  forms: ask(place.inForce),
})

const NOTHING = { readAt: null, path: [], scps: [], rcps: [] } as const

async function ofTenant(tx: Tx, ask: Ask): Promise<ControlInForce> {
  const { items, next } = await listAccounts(tx, {}, null, MOST_ACCOUNTS)
  const places: PlaceInForce[] = []
  const unread: string[] = []
  const bound = await policiesOfAccounts(tx, items)
  for (const [n, account] of items.entries()) {
    const { readAt, path, scps, rcps } = bound[n] ?? NOTHING
    if (readAt === null || path.length === 0) unread.push(account.name)
    else
      places.push({
        awsOrganizationId: account.awsOrganizationId,
        awsOrganizationName: null,
        id: account.accountId,
        kind: 'account',
        name: account.name,
        readAt,
        forms: ask({ scps, rcps }),
      })
  }
  return { places, unread, more: next !== null }
}
