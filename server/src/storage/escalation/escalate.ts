import { sql } from 'kysely'
import { decideEscalations, type Escalation, type Step } from '../../domain/escalation/decide.ts'
import {
  type Audience,
  audienceKey,
  audienceOf,
  digestAudiences,
  digestParams,
} from '../../domain/escalation/digest.ts'
import { ESCALATION_TIMES, type EscalationTimes } from '../../domain/escalation/times.ts'
import type { AttentionItem } from '../../domain/organisations/view.ts'
import { systemActor } from '../../domain/people/roles.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { type Notice, notify } from '../applications/notifications.ts'
import { holdersOf } from '../applications/register.ts'
import { attentionList } from '../organisations/attention.ts'
import { CENTRE_ONLY, type Changes, read, type Tx, transact } from '../transact.ts'

const SWEEP = systemActor('escalation')

/** Looks at everything that needs attention and tells who must hear of it now. Returns how many steps were made. */
export async function escalate(on: Changes, times: EscalationTimes = ESCALATION_TIMES): Promise<number> {
  const steps = await read(on, SWEEP, async (tx) =>
    decideEscalations(await attentionList(tx), await openEscalations(tx), await owned(tx), tx.at, times),
  )
  const digests = digestAudiences(steps)
  const inDigest = (step: Step) => {
    const audience = audienceOf(step)
    return audience !== null && digests.has(audienceKey(audience))
  }
  const things = [...byKey(steps)]
  // Each thing in a transaction of its own: what one of them breaks does not keep the others from being told.
  for (const [key, own] of things.filter(([, own]) => !own.some(inDigest)))
    await transact(on, SWEEP, (tx) => takeSteps(tx, key, own))
  const together = things.filter(([, own]) => own.some(inDigest))
  if (together.length > 0) await transact(on, SWEEP, (tx) => takeTogether(tx, together, inDigest))
  return steps.length
}

/** A message is sent with what it tells of, so that nothing counts as told of which nobody heard. */
async function takeTogether(
  tx: Tx,
  things: readonly (readonly [string, readonly Step[]])[],
  inDigest: (step: Step) => boolean,
): Promise<void> {
  const told = new Map<string, { readonly audience: Audience; readonly items: AttentionItem[] }>()
  for (const [key, steps] of things) {
    await takeSteps(tx, key, steps, inDigest)
    for (const step of steps) {
      const audience = audienceOf(step)
      if (audience === null || step.do === 'resolve' || !inDigest(step)) continue
      const digest = told.get(audienceKey(audience)) ?? { audience, items: [] }
      digest.items.push(step.item)
      told.set(audienceKey(audience), digest)
    }
  }
  for (const { audience, items } of told.values())
    await message(tx, audience, {
      kind: `escalation.${audience.whom}_digest`,
      subject: audience.organisationId ?? 'centre',
      params: digestParams(items),
      onceKey: `escalation digest ${audienceKey(audience)} ${tx.at.toISOString()}`,
    })
}

function byKey(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  const groups = new Map<string, Step[]>()
  for (const step of steps) {
    const key = step.do === 'resolve' ? step.key : step.item.key
    groups.set(key, [...(groups.get(key) ?? []), step])
  }
  return groups
}

async function openEscalations(tx: Tx): Promise<readonly Escalation[]> {
  const rows = await tx.sql
    .selectFrom('escalation')
    .select(['key', 'owner_told_at', 'centre_told_at'])
    .where('resolved_at', 'is', null)
    .execute()
  return rows.map((row) => ({
    key: row.key,
    ownerToldAt: row.owner_told_at,
    centreToldAt: row.centre_told_at,
  }))
}

async function owned(tx: Tx): Promise<ReadonlySet<string>> {
  const today = dayInJapan(tx.at)
  const { rows } = await sql<{ id: string }>`select distinct g.organisation_id as id from role_grant g
    join person p on p.id = g.person_id
    where g.role = 'organisation_owner' and g.valid @> ${today}::date and p.valid @> ${today}::date`.execute(
    tx.sql,
  )
  return new Set(rows.map((row) => row.id))
}

/** @param silent the steps that a digest tells of. */
async function takeSteps(
  tx: Tx,
  key: string,
  steps: readonly Step[],
  silent: (step: Step) => boolean = () => false,
): Promise<void> {
  for (const step of steps) {
    const audience = audienceOf(step)
    if (step.do === 'resolve') await resolve(tx, key)
    else if (audience === null) await open(tx, step.item)
    else await tell(tx, audience, step.item, silent(step))
  }
}

async function open(tx: Tx, item: AttentionItem): Promise<void> {
  const organisationId = item.organisation?.id ?? null
  await tx.sql
    .insertInto('escalation')
    .values({
      key: item.key,
      kind: item.kind,
      organisation_id: organisationId,
      subject: item.subject,
      opened_at: tx.at,
      owner_told_at: null,
      centre_told_at: null,
      resolved_at: null,
    })
    .execute()
  await record(tx, 'attention.found', organisationId, item.kind, item.subject)
}

async function resolve(tx: Tx, key: string): Promise<void> {
  const row = await tx.sql
    .updateTable('escalation')
    .set({ resolved_at: tx.at })
    .where('key', '=', key)
    .where('resolved_at', 'is', null)
    .returning(['kind', 'organisation_id', 'subject'])
    .executeTakeFirst()
  if (row !== undefined) await record(tx, 'attention.resolved', row.organisation_id, row.kind, row.subject)
}

async function tell(tx: Tx, audience: Audience, item: AttentionItem, silent: boolean): Promise<void> {
  const { whom } = audience
  const row = await tx.sql
    .updateTable('escalation')
    .set(whom === 'owner' ? { owner_told_at: tx.at } : { centre_told_at: tx.at })
    .where('key', '=', item.key)
    .where('resolved_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (row === undefined) return
  if (!silent)
    await message(tx, audience, {
      kind: `escalation.${whom}`,
      subject: item.subject,
      params: { ja: item.words.ja, en: item.words.en },
      onceKey: `escalation ${row.id} ${whom}`,
    })
  await record(
    tx,
    whom === 'owner' ? 'attention.told_owner' : 'attention.told_centre',
    item.organisation?.id ?? null,
    item.kind,
    item.subject,
  )
}

/** Each of the people separately; one mail goes to each group address. */
async function message(
  tx: Tx,
  { whom, organisationId }: Audience,
  what: Omit<Notice, 'personId' | 'organisationId'>,
): Promise<void> {
  const role = whom === 'owner' ? 'organisation_owner' : 'central_operator'
  for (const person of await holdersOf(tx, role, organisationId))
    await notify(tx, { personId: person.id, organisationId, ...what })
}

/** In the ledger, and on the pages that are open: what needs attention is a list of the organisations' topic. */
async function record(
  tx: Tx,
  kind: string,
  organisationId: string | null,
  what: string,
  subject: string,
): Promise<void> {
  await tx.record({ kind, organisationId, subject: subject.slice(0, 200), data: { what } })
  await tx.notify('organisations', 'attention', organisationId ?? CENTRE_ONLY)
}
