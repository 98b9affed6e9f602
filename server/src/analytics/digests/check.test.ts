import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTrailFiles } from '../../sandbox/trail/files.ts'
import { checkDigests, readKeys } from './check.ts'
import { folderDigests } from './folder.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'digests-'))
  writeTrail()
})
afterEach(() => rmSync(dir, { recursive: true }))

/** The sandbox's own trail: two accounts, three digests in the chain of the first. */
function writeTrail(): void {
  const files = openTrailFiles(dir)
  for (const n of [1, 2, 3]) {
    for (const accountId of n === 2 ? ['111122223333', '444455556666'] : ['111122223333'])
      files.append({
        organizationId: 'o-abcdefghij',
        accountId,
        region: 'us-east-1',
        record: { eventID: String(n), eventTime: `2026-11-22T03:0${n}:05Z` },
      })
    files.flush()
  }
  files.close()
}

const all = (part: string) =>
  (readdirSync(dir, { recursive: true }) as string[])
    .filter((name) => name.includes(part) && name.endsWith('.json.gz'))
    .sort()
const at = (name: string) => path.join(dir, name)
const keys = () => readKeys(JSON.parse(readFileSync(at('keys/public-keys'), 'utf8')), 'public-keys')
const check = (from = '', since: string | null = null) =>
  checkDigests({ place: folderDigests(path.join(dir, from)), keys: keys(), since, until: null })
const found = async (from?: string) =>
  (await check(from)).problems.map(({ problem, object }) => `${problem} ${object}`)

describe('digests of the trail of the sandbox', () => {
  it('hold, and each is signed', async () => {
    expect(await check()).toEqual({ digests: 4, files: 4, signed: 4, unsigned: 0, problems: [] })
    expect(await check('AWSLogs/o-abcdefghij/111122223333')).toMatchObject({ digests: 3, problems: [] })
    expect(await check('', '2026-11-23')).toMatchObject({ digests: 0 })
  })

  it('tell of one altered byte', async () => {
    const [file = ''] = all('/CloudTrail/')
    const text = gunzipSync(readFileSync(at(file)))
    text[text.length - 5] = (text[text.length - 5] as number) ^ 1
    writeFileSync(at(file), gzipSync(text))
    expect(await found()).toEqual([`file_changed ${file}`])
  })

  it('tell of a file that is gone, and of a digest that is gone', async () => {
    const [file = '', other = ''] = all('/CloudTrail/')
    unlinkSync(at(file))
    expect(await found()).toEqual([`file_missing ${file}`])
    const digests = all('111122223333/CloudTrail-Digest')
    unlinkSync(at(digests[1] ?? ''))
    expect(await found()).toContain(`digest_missing ${digests[1]}`)
    expect(other).not.toBe('')
  })

  it('tell of a digest that was made to fit an altered file', async () => {
    const [digest = ''] = all('444455556666/CloudTrail-Digest')
    const json = JSON.parse(gunzipSync(readFileSync(at(digest))).toString('utf8'))
    writeFileSync(at(digest), gzipSync(JSON.stringify({ ...json, logFiles: [] })))
    expect(await found()).toEqual([`signature_wrong ${digest}`])
  })

  it('say what was not looked at: no keys, no metadata', async () => {
    const place = folderDigests(dir)
    expect(await checkDigests({ place, keys: null, since: null, until: null })).toMatchObject({
      unsigned: 4,
      signed: 0,
      problems: [],
    })
    for (const digest of all('CloudTrail-Digest')) unlinkSync(at(`${digest}.signature`))
    // The digest that follows carries the signature; the newest of each chain has none.
    expect(await check()).toMatchObject({ signed: 2, unsigned: 2, problems: [] })
  })

  it('go on after a restart, and after a kill before the log was emptied', async () => {
    const again = openTrailFiles(dir)
    again.append({
      organizationId: 'o-abcdefghij',
      accountId: '111122223333',
      region: 'us-east-1',
      record: { eventID: '4', eventTime: '2026-11-22T03:00:05Z' },
    })
    const pending = readFileSync(at('pending.log'))
    again.close()
    writeFileSync(at('pending.log'), pending)
    openTrailFiles(dir).close()
    expect(await check()).toEqual({ digests: 5, files: 5, signed: 5, unsigned: 0, problems: [] })
  })
})
