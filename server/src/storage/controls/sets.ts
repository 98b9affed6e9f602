import type { ControlSetBody, ControlSetView } from '../../domain/controls/sets.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { sha256Of } from '../policies/save-guardrails.ts'
import { CENTRE_ONLY, type Tx } from '../transact.ts'

/** Control sets that come with Rankan, by name. They are stored when they are used for the first time. */
export type ShippedSets = Readonly<Record<string, ControlSetBody>>

const hashOf = (body: ControlSetBody): string => sha256Of(canonicalJson(body))

/** The latest version of every set, by name. */
export async function listSets(tx: Tx, shipped: ShippedSets): Promise<readonly ControlSetView[]> {
  const stored = await tx.sql.selectFrom('control_set').select('name').distinct().execute()
  const names = [...new Set([...stored.map(({ name }) => name), ...Object.keys(shipped)])].sort()
  return Promise.all(names.map((name) => findSet(tx, shipped, name)))
}

/** Throws `not_found`. */
export async function findSet(
  tx: Tx,
  shipped: ShippedSets,
  name: string,
  version?: number,
): Promise<ControlSetView> {
  const rows = await tx.sql
    .selectFrom('control_set')
    .selectAll()
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .execute()
  const row = version === undefined ? rows[0] : rows.find((one) => one.version === version)
  if (row !== undefined)
    return {
      ...row.body,
      name,
      version: row.version,
      origin: row.origin,
      sha256: row.sha256,
      createdAt: row.created_at.toISOString(),
      createdBy: row.created_by,
      versions: rows.length,
    }
  const body = Object.hasOwn(shipped, name) ? shipped[name] : undefined
  if (body === undefined || rows.length > 0 || (version ?? 1) !== 1)
    throw notFound('control_set', version === undefined ? name : `${name} ${version}`)
  return {
    ...body,
    name,
    version: 1,
    origin: 'rankan',
    sha256: hashOf(body),
    createdAt: null,
    createdBy: null,
    versions: 1,
  }
}

/**
 * Saves the next version; the same body as the latest changes nothing. `base` is the version that was edited, 0 for a new
 * set: `conflict` when the latest is another, so that nobody overwrites what somebody else saved meanwhile.
 */
export async function saveSet(
  tx: Tx,
  shipped: ShippedSets,
  name: string,
  body: ControlSetBody,
  base?: number,
): Promise<ControlSetView> {
  const latest = await findSet(tx, shipped, name).catch(() => null)
  const version = latest?.version ?? 0
  if (base !== undefined && base !== version)
    throw conflict(
      'control_set_moved',
      `The control set \`${name}\` has version ${version} by now; ${base === 0 ? 'give another name' : `version ${base} was edited. Look at the differences and edit it again`}.`,
    )
  if (latest?.sha256 === hashOf(body)) return latest
  if (latest !== null) await storeSet(tx, latest)
  return insertSet(tx, name, (latest?.version ?? 0) + 1, 'own', body)
}

/** A set that comes with Rankan is stored before something refers to it, so that its text never changes under a plan. */
export async function storeSet(tx: Tx, set: ControlSetView): Promise<void> {
  if (set.createdAt !== null) return
  const { title, description, controls } = set
  await insertSet(tx, set.name, set.version, 'rankan', { title, description, controls })
}

async function insertSet(
  tx: Tx,
  name: string,
  version: number,
  origin: 'rankan' | 'own',
  body: ControlSetBody,
): Promise<ControlSetView> {
  const sha256 = hashOf(body)
  await tx.sql
    .insertInto('control_set')
    .values({
      name,
      version,
      origin,
      body: JSON.stringify(body),
      sha256,
      created_at: tx.at,
      created_by_id: tx.actor.id,
      created_by: tx.actor.name,
    })
    .execute()
  await tx.record({
    kind: 'control_set.saved',
    organisationId: null,
    subject: name,
    data: { version, origin, sha256, controls: body.controls.map(({ control }) => control) },
  })
  await tx.notify('control_sets', name, CENTRE_ONLY)
  const createdAt = tx.at.toISOString()
  return { ...body, name, version, origin, sha256, createdAt, createdBy: tx.actor.name, versions: version }
}
