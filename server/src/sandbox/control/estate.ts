/**
 * The estate in a canonical form, so that two runs can be compared: random ids are replaced by what they stand for
 * (an account by its e-mail, an OU by its path), rows are sorted, times and operation ids are left out.
 */

import { AwsError, type World } from '../core/contract.ts'
import type { Runtime } from '../core/world.ts'
import {
  accounts,
  attachments,
  type Organization,
  organizations,
  ous,
  parentOf,
  policies,
  tags,
} from '../services/organizations/state.ts'

export interface CanonicalEstate {
  readonly organization: string
  readonly ous: readonly string[]
  readonly accounts: readonly {
    readonly email: string
    readonly name: string
    readonly state: string
    readonly ou: string
    readonly tags: Readonly<Record<string, string>>
    readonly policies: readonly string[]
  }[]
  /** Rows of the other services, with ids replaced; by table. */
  readonly tables: Readonly<Record<string, readonly string[]>>
}

// Operations come and go with retries; they are the way, not the result.
const NOT_RESULT =
  /^(core\.|sts\.|iam\.accessKeys|organizations\.|events\.|sqs\.)|request|record|operation|status|token|pending|queue/i
const VOLATILE = /(at|time|date|timestamp|since|until|token|operationId|recordId|requestId|lastRecord\w*)$/i

export function estateOf(runtime: Runtime, organizationId: string | null): CanonicalEstate {
  const { world } = runtime
  const organization = organizationId
    ? organizations(world).get(organizationId)
    : [...organizations(world).values()][0]
  if (!organization)
    throw new AwsError('NotFound', `There is no organisation \`${organizationId ?? ''}\`.`, {}, 404)
  const names = namesOf(world, organization)
  return {
    organization: 'organisation',
    ous: [...ous(world).values()]
      .filter((ou) => ou.organizationId === organization.id)
      .map((ou) => pathOf(world, ou.id))
      .sort(),
    accounts: accountsOf(world, organization),
    tables: tablesOf(runtime, organization, names),
  }
}

function pathOf(world: World, id: string): string {
  const ou = ous(world).get(id)
  const parent = ou && parentOf(world, id)
  return ou && parent ? `${pathOf(world, parent)}/${ou.name}` : ''
}

function accountsOf(world: World, organization: Organization): CanonicalEstate['accounts'] {
  return [...accounts(world).values()]
    .filter((a) => a.organizationId === organization.id)
    .map((a) => ({
      email: a.email,
      name: a.name,
      state: a.state,
      ou: a.parentId === null ? '' : pathOf(world, a.parentId) || '/',
      tags: Object.fromEntries(Object.entries(tags(world).get(a.id) ?? {}).sort()),
      policies: (attachments(world).get(a.id) ?? []).map((id) => policies(world).get(id)?.name ?? id).sort(),
    }))
    .sort((a, b) => (a.email < b.email ? -1 : 1))
}

function namesOf(world: World, organization: Organization): Map<string, string> {
  const names = new Map([
    [organization.id, '<organisation>'],
    [organization.rootId, '<root>'],
  ])
  for (const a of accounts(world).values()) names.set(a.id, `<account ${a.email}>`)
  for (const ou of ous(world).values()) names.set(ou.id, `<ou ${pathOf(world, ou.id)}>`)
  return names
}

function tablesOf(runtime: Runtime, organization: Organization, names: ReadonlyMap<string, string>) {
  const found: Record<string, readonly string[]> = {}
  const rename = (text: string) =>
    text.replace(
      /\b\d{12}\b|\bou-[0-9a-z]{4}-[0-9a-z]{8}\b|\bo-[0-9a-z]{10}\b|\br-[0-9a-z]{4}\b/g,
      (id) => names.get(id) ?? id,
    )
  for (const [table, rows] of runtime.tables()) {
    if (NOT_RESULT.test(table)) continue
    const texts = [...rows.values()]
      .map((row) => JSON.stringify(row))
      .filter((text) => mentions(text, organization))
      .map((text) => maskIds(rename(JSON.stringify(stable(JSON.parse(text))))))
    if (texts.length > 0) found[table] = texts.sort()
  }
  return found
}

const mentions = (text: string, organization: Organization) =>
  text.includes(organization.managementAccountId) || text.includes(organization.id)

// What is random and stands for nothing that lasts: UUIDs, ARNs' random ends, record and product ids.
const maskIds = (text: string) =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>')
    .replace(
      /\b(pp|rec|prodview|prod|port|pa|lpv\d?|ps|ssoins|A(?:ROA|IDA|NPA))-?[0-9A-Za-z]{12,}\b/g,
      '<$1>',
    )
    .replace(/\bd-[0-9a-z]{10}\b/g, '<directory>')
    .replace(/\bp-[0-9a-z]{8}\b/g, '<policy>')
    .replace(/\b[0-9a-f]{32}\b/g, '<id>')
    .replace(/(enabledbaseline|enabledcontrol|landingzone)\/[0-9A-Z]+/g, '$1/<id>')

function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key, v]) => !(VOLATILE.test(key) && (typeof v === 'number' || typeof v === 'string' || v === null)),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, stable(v)]),
  )
}
