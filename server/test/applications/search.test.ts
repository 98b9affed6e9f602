import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActor } from '../../src/domain/people/roles.ts'
import { listApplications } from '../../src/storage/applications/list.ts'
import { searchTerms } from '../../src/storage/search.ts'
import { read, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { CENTRE, OWNER, STRANGER } from './fixtures.ts'

describe('the text search of applications', () => {
  let on: TestDatabase
  beforeAll(async () => {
    on = await testDatabase()
  })
  afterAll(() => on.drop())

  const put = (id: string, organisationId: string, search: string) =>
    transact(on, systemActor('seed'), async (tx) => {
      await sql`insert into application (id, kind, state, version, organisation_id, environments, applicant_id, applicant_name,
          applicant_role, form, created_at, since, updated_at, updated_by_id, updated_by_name, search)
        values (${id}, 'vend', 'submitted', 1, ${organisationId}, '{production}', 'per_x', 'X', 'project_office',
          '{"kind":"vend"}', now(), now(), now(), 'x', 'x', ${search})
        on conflict (id) do update set search = excluded.search, organisation_id = excluded.organisation_id`.execute(
        tx.sql,
      )
      await tx.record({ kind: 'test.seeded', organisationId, subject: id, data: {} })
    })
  const found = async (text: string, actor = CENTRE) => {
    const page = await read(on, actor, (tx) =>
      listApplications(tx, { view: 'all', text }, { limit: 500, after: null }),
    )
    return page.items.map((item) => item.id).sort()
  }
  const clear = () =>
    transact(on, systemActor('seed'), async (tx) => {
      await sql`delete from application`.execute(tx.sql)
      await tx.record({ kind: 'test.cleared', organisationId: null, subject: 'all', data: {} })
    })

  it('finds Japanese anywhere in a word, Latin words and numbers from their beginning, in any width and case', async () => {
    await clear()
    await put('app_1', 'org_chiyoda', 'app_1 131016 千代田区 chiyoda city zeimu-2 住民税システム')
    await put('app_2', 'org_chuo', 'app_2 131024 中央区 chuo city kokuho 国民健康保険')
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['千代田', ['app_1']],
      ['代田区', ['app_1']],
      ['システム', ['app_1']],
      ['ｼｽﾃﾑ', ['app_1']],
      ['民', ['app_1', 'app_2']],
      ['13101', ['app_1']],
      ['１３１０２４', ['app_2']],
      ['CHIYO', ['app_1']],
      ['city 国民', ['app_2']],
      ['city', ['app_1', 'app_2']],
      ['zeimu-2', ['app_1']],
      ['2', ['app_1', 'app_2']],
      ['app_2', ['app_2']],
      ['  千代田区   税システム ', ['app_1']],
      ['千代田区 中央区', []],
      ['横浜市', []],
      ['%', []],
      ['_', []],
      ["' or 1=1 --", []],
    ]
    for (const [text, ids] of cases) expect([text, await found(text)]).toEqual([text, ids])
  })

  it('shows a tenant its own only', async () => {
    expect(await found('民', OWNER)).toEqual(['app_1'])
    expect(await found('民', STRANGER)).toEqual(['app_2'])
    const words = await read(on, STRANGER, (tx) =>
      tx.sql.selectFrom('application_token').select('organisation_id').distinct().execute(),
    )
    expect(words).toEqual([{ organisation_id: 'org_chuo' }])
  })

  it('follows an application whose words or organisation change', async () => {
    await put('app_1', 'org_chuo', 'app_1 文書管理')
    expect([
      await found('住民税'),
      await found('文書'),
      await found('文書', OWNER),
      await found('文書', STRANGER),
    ]).toEqual([[], ['app_1'], [], ['app_1']])
  })

  it('agrees with a search that reads every word', async () => {
    const letters = fc.constantFrom('a', 'B', '1', '2', '市', 'ア', 'ｱ', '-', '_', ' ', 'Ａ')
    const texts = fc.array(
      fc.array(letters, { minLength: 1, maxLength: 12 }).map((cs) => cs.join('')),
      { minLength: 1, maxLength: 6 },
    )
    const query = fc.array(letters, { minLength: 1, maxLength: 4 }).map((cs) => cs.join(''))
    await fc.assert(
      fc.asyncProperty(texts, query, async (rows, text) => {
        await clear()
        for (const [i, row] of rows.entries()) await put(`app_${i}`, 'org_chiyoda', row)
        const terms = searchTerms(text)
        const expected = rows.flatMap((row, i) =>
          terms.length > 0 && terms.every((term) => naivelyHas(row, term)) ? [`app_${i}`] : [],
        )
        expect(await found(text)).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })
})

/** Obviously right: every place of every word at which the term may begin. */
function naivelyHas(content: string, term: string): boolean {
  const kind = (c: string | undefined) =>
    c === undefined
      ? 'none'
      : /[a-z]/.test(c)
        ? 'letter'
        : /[0-9]/.test(c)
          ? 'digit'
          : c > '\u007f'
            ? 'wide'
            : 'other'
  return content
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .some((word) =>
      [...word].some((c, i, all) => {
        const begins = kind(c) === 'wide' || (kind(c) !== 'other' && kind(c) !== kind(all[i - 1]))
        return begins && all.slice(i).join('').startsWith(term)
      }),
    )
}
