import { sql } from 'kysely'
import type { DraftForm } from '../../src/domain/applications/draft.ts'
import { sampleVendForm } from '../../src/domain/applications/sample.ts'
import { type Actor, type Role, systemActor } from '../../src/domain/people/roles.ts'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { idSource } from '../../src/kernel/ids.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import { loadApplicationSetup } from '../../src/storage/applications/setup.ts'
import { type Changes, transact } from '../../src/storage/transact.ts'

export const setup = loadApplicationSetup('aws.example.lg.jp')

export const person = (id: string, role: Role, organisationIds: readonly string[] = []): Actor => ({
  kind: 'person',
  id,
  name: `Name of ${id}`,
  role,
  organisationIds,
})

export const PJMO = person('per_pjmo', 'project_office', ['org_chiyoda'])
export const OWNER = person('per_owner', 'organisation_owner', ['org_chiyoda'])
export const DEPUTY = person('per_deputy', 'project_office', ['org_chiyoda'])
export const CENTRE = person('per_centre', 'central_operator')
export const CENTRE_2 = person('per_centre2', 'central_operator')
export const STRANGER = person('per_stranger', 'organisation_owner', ['org_chuo'])

export const newId = (on: Changes) => idSource(on.clock, seededRandom(7))

/** Two organisations, an AWS organisation and people: the least that applications need of the register. */
export async function seedRegister(on: Changes): Promise<void> {
  await transact(on, systemActor('seed'), async (tx) => {
    for (const [id, code, name] of [
      ['org_chiyoda', '131016', '千代田区'],
      ['org_chuo', '131024', '中央区'],
      ['org_centre', 'CENTRE', 'デジタル庁'],
    ]) {
      await sql`insert into organisation values (${id}, ${tx.at})`.execute(tx.sql)
      await sql`insert into organisation_version (organisation_id, valid, code, kind, name_ja, name_en, name_key, kana_key, search)
        values (${id}, '(,)', ${code}, 'municipality', ${name}, ${code}, ${name}, '', ${name})`.execute(
        tx.sql,
      )
    }
    for (const [who, role, organisation] of [
      [PJMO, 'project_office', 'org_chiyoda'],
      [OWNER, 'organisation_owner', 'org_chiyoda'],
      [DEPUTY, 'project_office', 'org_chiyoda'],
      [CENTRE, 'central_operator', 'org_centre'],
      [CENTRE_2, 'central_operator', 'org_centre'],
      [STRANGER, 'organisation_owner', 'org_chuo'],
    ] as const) {
      const mail = `${who.id}@example.lg.jp`
      await sql`insert into person (id, organisation_id, user_name, email, name_ja, first_name, last_name, valid)
        values (${who.id}, ${organisation}, ${mail}, ${mail}, ${who.name}, 'A', 'B', '(,)')`.execute(tx.sql)
      await sql`insert into role_grant (id, person_id, role, organisation_id, valid)
        values (${`grt_${who.id}`}, ${who.id}, ${role}, ${organisation}, '(,)')`.execute(tx.sql)
    }
    await sql`insert into aws_organization (id, name, engine, created_at)
      values ('aws_main', 'Main', 'account_factory', ${tx.at})`.execute(tx.sql)
    await tx.record({ kind: 'test.seeded', organisationId: null, subject: 'seed', data: {} })
  })
}

export const soon = (on: Changes): string => addDays(dayInJapan(on.clock.now()), 10)

export const soundForm = (on: Changes, over: Parameters<typeof sampleVendForm>[0] = {}): DraftForm =>
  sampleVendForm({ start: soon(on), ...over }) as unknown as DraftForm
