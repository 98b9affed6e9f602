import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Decisions } from '../../src/domain/organisations/import/plan.ts'
import { builtInProfile } from '../../src/domain/organisations/import/profile.ts'
import type { Actor } from '../../src/domain/people/roles.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { type IdSource, idSource } from '../../src/kernel/ids.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import { applyImport, planImport, type StoredImport } from '../../src/storage/organisations/imports.ts'
import { readCsv } from '../../src/storage/organisations/read-file.ts'
import { type Changes, transact } from '../../src/storage/transact.ts'

export const SHARED = new URL('../../../../shared/data/organisations/', import.meta.url)
/** The real lists belong to the build machine, not to the project. */
export const WITHOUT_LISTS = existsSync(SHARED)
  ? null
  : 'the real lists (../shared/data/organisations) are not on this machine'

export const ids: IdSource = idSource(systemClock, systemRandom)
export const centre: Actor = {
  kind: 'person',
  id: 'per_centre',
  name: '中央 太郎',
  role: 'central_operator',
  organisationIds: [],
}

export const REAL_LISTS = [
  ['2017-localgovjp-sjis.csv', '2017-04-01'],
  ['2019-localgovjp-utf8.csv', '2019-07-01'],
  ['20211101-localgovjp-utf8.csv', '2021-11-01'],
  ['2026-localgovjp-utf8.csv', '2026-04-01'],
] as const

export async function planFile(
  on: Changes,
  name: string,
  asOf: string,
  decisions: Decisions = {},
): Promise<StoredImport> {
  return planBytes(on, await readFile(new URL(name, SHARED)), asOf, 'localgovjp', decisions)
}

export function planBytes(
  on: Changes,
  bytes: Uint8Array,
  asOf: string,
  profileName = 'localgovjp',
  decisions: Decisions = {},
): Promise<StoredImport> {
  const profile = builtInProfile(profileName)
  if (profile === null) throw new Error(`no profile ${profileName}`)
  const request = { fileName: 'list.csv', bytes, file: readCsv(bytes), profile, asOf, decisions }
  return transact(on, centre, (tx) => planImport(tx, ids, request))
}

export const apply = (on: Changes, id: string): Promise<StoredImport> =>
  transact(on, centre, (tx) => applyImport(tx, ids, id))

export const csv = (...lines: readonly string[]): Uint8Array =>
  new TextEncoder().encode(`${['pid,pref,cid,city,citykana', ...lines].join('\n')}\n`)
