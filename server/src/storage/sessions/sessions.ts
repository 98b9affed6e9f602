import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/people/roles.ts'
import type { Changes } from '../transact.ts'

export interface Session {
  readonly actor: Actor
  readonly language: 'ja' | 'en'
}

const LIFETIME_MS = 12 * 3_600_000

/** Only the hash of a token is stored: who reads the database cannot sign in with it. */
const hash = (token: string) => createHash('sha256').update(token).digest()

export async function openSession(
  on: Changes,
  session: Session,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  const now = on.clock.now()
  const expiresAt = new Date(now.getTime() + LIFETIME_MS)
  await on.db
    .insertInto('session')
    .values({
      id_hash: hash(token),
      actor: JSON.stringify(session.actor),
      language: session.language,
      created_at: now,
      expires_at: expiresAt,
    })
    .execute()
  await on.db.deleteFrom('session').where('expires_at', '<', now).execute()
  return { token, expiresAt }
}

export async function findSession(on: Changes, token: string): Promise<Session | null> {
  const row = await on.db
    .selectFrom('session')
    .select(['actor', 'language'])
    .where('id_hash', '=', hash(token))
    .where('expires_at', '>', on.clock.now())
    .executeTakeFirst()
  return row === undefined
    ? null
    : { actor: row.actor as Actor, language: row.language === 'en' ? 'en' : 'ja' }
}

export async function setSessionLanguage(on: Changes, token: string, language: 'ja' | 'en'): Promise<void> {
  await on.db.updateTable('session').set({ language }).where('id_hash', '=', hash(token)).execute()
}

export async function closeSession(on: Changes, token: string): Promise<void> {
  await on.db.deleteFrom('session').where('id_hash', '=', hash(token)).execute()
}
