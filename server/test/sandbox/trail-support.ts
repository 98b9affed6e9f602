import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { loadTables } from '../../src/analytics/trail/tables.ts'
import { trailReader } from '../../src/policy/trail/requests.ts'

/** The members that tests look at; a record has more. */
export interface Recorded {
  readonly eventName: string
  readonly eventSource: string
  readonly requestID: string
  readonly eventID: string
  readonly sharedEventID?: string
  readonly recipientAccountId: string
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly userIdentity: { readonly type?: string; readonly userName?: string }
}

export const trailFolder = () => mkdtempSync(join(tmpdir(), 'sandbox-trail-'))

export const filesIn = (dir: string): string[] =>
  (readdirSync(dir, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.json.gz') && !name.includes('CloudTrail-Digest'))
    .sort()

/** All records of the folder, by their files' names. */
export const recordsIn = (dir: string): Recorded[] =>
  filesIn(dir).flatMap((name) => {
    const text = gunzipSync(readFileSync(join(dir, name))).toString('utf8')
    return (JSON.parse(text) as { Records: Recorded[] }).Records
  })

const { tables, iam } = loadTables()

/** The project's own reading of CloudTrail, with its dated tables. */
export const facts = iam
export const reader = trailReader(tables, iam)
