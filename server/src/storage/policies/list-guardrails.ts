import { sql } from 'kysely'
import type {
  GuardrailDetail,
  GuardrailList,
  GuardrailTarget,
  GuardrailView,
  KindView,
  PlaceView,
} from '../../domain/policies/guardrails.ts'
import type { GuardrailKind } from '../../domain/policies/kinds.ts'
import { notFound } from '../../kernel/errors.ts'
import { ORGANIZATION_KINDS } from '../../policy/guardrails.ts'
import type { Tx } from '../transact.ts'

const SHOWN_TARGETS = 50

/** The policies of an AWS organisation, where they are attached and what each place still takes. */
export async function listGuardrails(tx: Tx, awsOrganizationId: string): Promise<GuardrailList> {
  const organization = await organizationOf(tx, awsOrganizationId)
  const world = await loadTree(tx, awsOrganizationId)
  const rows = await policyRows(tx, awsOrganizationId)
  return {
    awsOrganizationId,
    organizationId: organization.organization_id,
    managementAccountId: organization.management_account_id,
    readAt: organization.read_at?.toISOString() ?? null,
    kinds: kindsOf(organization.kinds ?? []),
    policies: rows.map((row) => viewOf(row, world)),
    places: placesOf(world, rows, organization.kinds ?? []),
  }
}

export async function findGuardrail(
  tx: Tx,
  awsOrganizationId: string,
  policyId: string,
): Promise<GuardrailDetail> {
  await organizationOf(tx, awsOrganizationId)
  const row = (await policyRows(tx, awsOrganizationId)).find((one) => one.policy_id === policyId)
  if (row === undefined) throw notFound('policy', policyId)
  const view = viewOf(row, await loadTree(tx, awsOrganizationId), Number.POSITIVE_INFINITY)
  return { ...view, awsOrganizationId, document: row.document }
}

async function organizationOf(tx: Tx, awsOrganizationId: string) {
  const row = await tx.sql
    .selectFrom('aws_organization')
    .leftJoin('guardrail_reading', 'guardrail_reading.aws_organization_id', 'aws_organization.id')
    .select(['guardrail_reading.read_at', 'guardrail_reading.kinds'])
    .select(['aws_organization.organization_id', 'aws_organization.management_account_id'])
    .where('aws_organization.id', '=', awsOrganizationId)
    .executeTakeFirst()
  if (row === undefined) throw notFound('aws_organization', awsOrganizationId)
  return row
}

const kindsOf = (enabled: readonly GuardrailKind[]): KindView[] =>
  ORGANIZATION_KINDS.map((one) => ({ ...one, enabled: enabled.includes(one.kind) }))

const policyRows = (tx: Tx, awsOrganizationId: string) =>
  tx.sql
    .selectFrom('guardrail')
    .selectAll()
    .where('aws_organization_id', '=', awsOrganizationId)
    .orderBy('kind')
    .orderBy('aws_managed', 'desc')
    .orderBy('name')
    .execute()
type PolicyRow = Awaited<ReturnType<typeof policyRows>>[number]

/** The tree with its attachments, in memory: an AWS organisation has at most some ten thousand accounts. */
interface LoadedTree {
  readonly places: ReadonlyMap<string, GuardrailTarget>
  /** Accounts here and below. */
  readonly accounts: ReadonlyMap<string, number>
  readonly targetsOf: ReadonlyMap<string, readonly string[]>
  readonly policiesAt: ReadonlyMap<string, readonly string[]>
}

async function loadTree(tx: Tx, awsOrganizationId: string): Promise<LoadedTree> {
  const rows = await tx.sql
    .selectFrom('guardrail_place')
    .select(['id', 'kind', 'name', 'parent_id as parentId'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .orderBy(sql`case kind when 'root' then 0 when 'ou' then 1 else 2 end`)
    .orderBy('name')
    .execute()
  const attachments = await tx.sql
    .selectFrom('guardrail_attachment')
    .select(['policy_id', 'target_id'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .orderBy('policy_id')
    .execute()
  const places = new Map(rows.map((row) => [row.id, row]))
  return {
    places,
    accounts: accountsBelow(places),
    targetsOf: grouped(attachments.map((one) => [one.policy_id, one.target_id])),
    policiesAt: grouped(attachments.map((one) => [one.target_id, one.policy_id])),
  }
}

function accountsBelow(places: ReadonlyMap<string, GuardrailTarget>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const place of places.values()) {
    if (place.kind !== 'account') continue
    for (let at: GuardrailTarget | undefined = place; at !== undefined; at = places.get(at.parentId ?? ''))
      counts.set(at.id, (counts.get(at.id) ?? 0) + 1)
  }
  return counts
}

function grouped(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [key, value] of pairs) {
    const list = found.get(key)
    if (list === undefined) found.set(key, [value])
    else list.push(value)
  }
  return found
}

function viewOf(row: PolicyRow, tree: LoadedTree, shown = SHOWN_TARGETS): GuardrailView {
  const ids = tree.targetsOf.get(row.policy_id) ?? []
  const order = { root: 0, ou: 1, account: 2 }
  const targets = ids.flatMap((id) => tree.places.get(id) ?? [])
  targets.sort((a, b) => order[a.kind] - order[b.kind] || (a.name < b.name ? -1 : 1))
  return {
    id: row.policy_id,
    kind: row.kind,
    name: row.name,
    description: row.description,
    awsManaged: row.aws_managed,
    characters: row.document.length,
    attachments: targets.length,
    attachedTo: targets.slice(0, shown),
    accounts: accountsUnder(targets, tree),
    sha256: row.sha256,
    firstSeenAt: row.first_seen_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  }
}

/** Targets may lie below each other; an account counts once. */
function accountsUnder(targets: readonly GuardrailTarget[], { places, accounts }: LoadedTree): number {
  const ids = new Set(targets.map(({ id }) => id))
  const covered = ({ parentId }: GuardrailTarget): boolean => {
    for (let at = places.get(parentId ?? ''); at !== undefined; at = places.get(at.parentId ?? ''))
      if (ids.has(at.id)) return true
    return false
  }
  return targets.filter((one) => !covered(one)).reduce((sum, { id }) => sum + (accounts.get(id) ?? 0), 0)
}

function placesOf(
  tree: LoadedTree,
  rows: readonly PolicyRow[],
  enabled: readonly GuardrailKind[],
): PlaceView[] {
  const policies = new Map(rows.map((row) => [row.policy_id, row]))
  const isOwn = (id: string) => policies.get(id)?.aws_managed === false
  return parentsFirst(tree.places)
    .map((place) => ({ ...place, attached: tree.policiesAt.get(place.id) ?? [] }))
    .filter(({ kind, attached }) => kind !== 'account' || attached.some(isOwn))
    .map(({ attached, ...place }) => ({
      ...place,
      policies: [...attached],
      accounts: tree.accounts.get(place.id) ?? 0,
      slots: ORGANIZATION_KINDS.filter(({ kind }) => enabled.includes(kind)).map(({ kind, perTarget }) => {
        const used = attached.filter((id) => policies.get(id)?.kind === kind).length
        return { kind, used, limit: perTarget, left: Math.max(0, perTarget - used) }
      }),
    }))
}

/** Root and OUs so that one can draw the tree as it comes, then accounts. */
function parentsFirst(places: ReadonlyMap<string, GuardrailTarget>): readonly GuardrailTarget[] {
  const all = [...places.values()]
  const inside = grouped(
    all.flatMap(({ id, parentId, kind }) =>
      parentId === null || kind === 'account' ? [] : [[parentId, id] as const],
    ),
  )
  const walk = (place: GuardrailTarget): readonly GuardrailTarget[] => [
    place,
    ...(inside.get(place.id) ?? []).flatMap((id) => {
      const child = places.get(id)
      return child === undefined ? [] : walk(child)
    }),
  ]
  return [
    ...all.filter(({ kind }) => kind === 'root').flatMap(walk),
    ...all.filter(({ kind }) => kind === 'account'),
  ]
}
