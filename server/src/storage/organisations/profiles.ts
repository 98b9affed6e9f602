import {
  BUILT_IN_PROFILES,
  builtInProfile,
  type ImportProfile,
  matchingProfile,
  profileSchema,
} from '../../domain/organisations/import/profile.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'

export interface ListedProfile {
  readonly profile: ImportProfile
  readonly builtIn: boolean
}

/** Saved profiles first: they are somebody's own choice. */
export async function listProfiles(tx: Tx): Promise<readonly ListedProfile[]> {
  const rows = await tx.sql.selectFrom('import_profile').select('profile').orderBy('name').execute()
  return [
    ...rows.map((row) => ({ profile: profileSchema.parse(row.profile), builtIn: false })),
    ...BUILT_IN_PROFILES.map((profile) => ({ profile, builtIn: true })),
  ]
}

export async function saveProfile(tx: Tx, profile: ImportProfile): Promise<void> {
  if (builtInProfile(profile.name) !== null)
    throw conflict(
      'profile_built_in',
      `The profile \`${profile.name}\` is built in. Save yours under another name.`,
    )
  const values = { name: profile.name, profile: JSON.stringify(profile), changed_at: tx.at }
  await tx.sql
    .insertInto('import_profile')
    .values(values)
    .onConflict((c) => c.column('name').doUpdateSet({ profile: values.profile, changed_at: tx.at }))
    .execute()
  await tx.record({
    kind: 'import_profile.saved',
    organisationId: null,
    subject: profile.name,
    data: profile,
  })
}

export async function removeProfile(tx: Tx, name: string): Promise<void> {
  const gone = await tx.sql.deleteFrom('import_profile').where('name', '=', name).executeTakeFirst()
  if (Number(gone.numDeletedRows) === 0) throw notFound('import_profile', name)
  await tx.record({ kind: 'import_profile.removed', organisationId: null, subject: name, data: {} })
}

/** The named profile, or the one that fits the headings when none was named. */
export async function chooseProfile(
  tx: Tx,
  name: string | null,
  headings: readonly string[],
): Promise<ImportProfile> {
  const all = (await listProfiles(tx)).map((p) => p.profile)
  if (name !== null) {
    const found = all.find((p) => p.name === name)
    if (found === undefined) throw notFound('import_profile', name)
    return found
  }
  const found = matchingProfile(headings, all)
  if (found === null)
    throw invalid(
      'no_profile_fits',
      `No profile fits the columns ${headings
        .slice(0, 8)
        .map((h) => `\`${h.slice(0, 40)}\``)
        .join(', ')}. Make a profile for this file first.`,
    )
  return found
}
