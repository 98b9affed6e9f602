/** A log file that is to be written: one account, one region. */
export interface TrailFile {
  readonly organizationId: string
  readonly accountId: string
  readonly region: string
  readonly path: string
  readonly bytes: Uint8Array
  /** SHA-256 of the text, and the times of its events, for the digest. */
  readonly hash: string
  readonly oldest: string
  readonly newest: string
}
