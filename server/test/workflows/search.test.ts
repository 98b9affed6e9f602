import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/domain/people/roles.ts'
import { systemActor } from '../../src/domain/people/roles.ts'
import { listAccounts } from '../../src/storage/estate/list.ts'
import { read, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect } from './seed.ts'

const person = (role: Actor['role'], organisationIds: string[]): Actor => ({
  kind: 'person',
  id: 'per_x',
  name: 'X',
  role,
  organisationIds,
})
const CENTRE = person('central_operator', [])
const CHIYODA = person('organisation_owner', ['org_chiyoda'])

describe('the text search of accounts', () => {
  let on: TestDatabase
  beforeAll(async () => {
    on = await testDatabase()
    await connect(on, awsOrganization())
    await put(1, 'org_chiyoda', '131016-juki-prd-01', '千代田区', '住民税システム')
    await put(2, 'org_chuo', '131024-kokuho-stg-01', '中央区', '国民健康保険')
    await put(3, null, 'made-by-hand', null, null)
  })
  afterAll(() => on.drop())

  const change = (statement: ReturnType<typeof sql>) =>
    transact(on, systemActor('seed'), async (tx) => {
      await statement.execute(tx.sql)
      await tx.record({ kind: 'test.seeded', organisationId: null, subject: 'accounts', data: {} })
    })
  const put = (
    n: number,
    organisationId: string | null,
    name: string,
    city: string | null,
    system: string | null,
  ) =>
    change(sql`insert into account (id, account_id, name, email, status, aws_state, organisation_id, organisation_name_ja,
        system_name_ja, aws_organization_id, ou_id, ou_name, origin, created_at)
      values (${`acc_${n}`}, ${`20000000000${n}`}, ${name}, ${`aws+${n}@example.jp`}, 'active', 'ACTIVE', ${organisationId},
        ${city}, ${system}, 'aws_1', 'ou-1', 'Production', 'vended', now())`)
  const found = async (text: string, actor = CENTRE) => {
    const page = await read(on, actor, (tx) => listAccounts(tx, { text }, null, 50))
    return page.items.map((row) => row.id).sort()
  }

  it.each([
    ['代田', ['acc_1']],
    ['税システム', ['acc_1']],
    ['ｼｽﾃﾑ', ['acc_1']],
    ['民', ['acc_1', 'acc_2']],
    ['200000000003', ['acc_3']],
    ['131016-', ['acc_1']],
    ['AWS+2@example.jp', ['acc_2']],
    ['kokuho 中央', ['acc_2']],
    ['kokuho 千代田', []],
    ['hand', ['acc_3']],
    ['%', []],
    ["' or 1=1 --", []],
  ])('finds `%s`', async (text, ids) => {
    expect(await found(text)).toEqual(ids)
  })

  it('shows a tenant its own only, and nobody but the centre what no organisation has', async () => {
    expect(await found('民', CHIYODA)).toEqual(['acc_1'])
    expect(await found('hand', CHIYODA)).toEqual([])
    const words = await read(on, CHIYODA, (tx) =>
      sql<{ organisation_id: string }>`select distinct organisation_id from account_token`.execute(tx.sql),
    )
    expect(words.rows).toEqual([{ organisation_id: 'org_chiyoda' }])
  })

  it('follows an account that is renamed or given to an organisation', async () => {
    await change(sql`update account set name = 'renamed', organisation_id = 'org_chiyoda' where id = 'acc_3'`)
    expect([await found('hand'), await found('renamed'), await found('renamed', CHIYODA)]).toEqual([
      [],
      ['acc_3'],
      ['acc_3'],
    ])
  })
})
