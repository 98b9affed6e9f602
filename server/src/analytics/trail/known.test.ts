import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filesOfParts, knownFiles } from './known.ts'
import { type FileResult, partsFolder, type TrailFile } from './store.ts'

const OWN = '111122223333_CloudTrail_ap-northeast-1_20261001T0000Z_0123456789abCDEF.json.gz'
const file = (name: string, size = 10, etag = ''): TrailFile => ({ name, size, etag })
const knowing = (...files: readonly TrailFile[]) => {
  const known = knownFiles()
  for (const one of files) known.add(one, false)
  return known
}

describe('knownFiles', () => {
  it("one_name_wherever_the_trail_begins: CloudTrail's names tell a file without their folder", () => {
    const known = knowing(file(`AWSLogs/o-abc/111122223333/CloudTrail/${OWN}`))
    for (const name of [OWN, `CloudTrail/${OWN}`, `s3://bucket/AWSLogs/${OWN}`])
      expect(known.standingOf(file(name))).toBe('known')
    expect(known.standingOf(file(`s3://bucket/${OWN}`, 10, 'etag'))).toBe('known')
    expect(known.standingOf(file(OWN, 11))).toBe('changed')
    // Unpacked, it is the same file with another size.
    expect(known.standingOf(file(OWN.replace('.gz', ''), 99))).toBe('changed')
    expect(known.standingOf(file(OWN.replace('abCD', 'abCE')))).toBe('new')
    expect(known.standingOf(file(`${OWN.slice(0, -14)}/x.json.gz`))).toBe('new')
  })

  it('a_name_of_one_own_is_told_by_content: in another folder it is another file', () => {
    const known = knowing(file('events.json', 10, 'a'))
    expect(known.standingOf(file('events.json', 10, 'a'))).toBe('known')
    expect(known.standingOf(file('deeper/events.json', 10, 'a'))).toBe('known')
    expect(known.standingOf(file('deeper/events.json', 10, 'b'))).toBe('new')
    expect(known.standingOf(file('events.json', 12, 'c'))).toBe('changed')
  })

  it('a link is never the file that it leads to', () => {
    const link = file(OWN, 0, 'symbolic-link')
    expect(knowing(link).standingOf(file(OWN))).toBe('new')
    expect(knowing(file(OWN)).standingOf(link)).toBe('new')
    expect(knowing({ ...link, name: 'a.json' }).standingOf({ ...link, name: 'b.json' })).toBe('new')
  })

  it('reads again what was refused once it has changed', () => {
    const known = knownFiles()
    known.add(file('a.json', 10, 'a'), true)
    expect(known.standingOf(file('a.json', 10, 'a'))).toBe('known')
    expect(known.standingOf(file('b.json', 10, 'a'))).toBe('new')
    expect(known.standingOf(file('a.json', 12, 'b'))).toBe('new')
    known.add(file('a.json', 12, 'b'), false)
    expect(known.standingOf(file('a.json', 13, 'c'))).toBe('changed')
  })

  it('tells what a table of whole names tells, of many files', () => {
    const some = fc.record({
      name: fc.nat({ max: 3000 }).map((n) => `${n}.json`),
      size: fc.nat({ max: 3 }),
      wasRefused: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(some, { maxLength: 4000, size: 'max' }), (files) => {
        const known = knownFiles()
        const naive = new Map<string, { size: number; wasRefused: boolean }>()
        for (const { name, size, wasRefused } of files) {
          const before = naive.get(name)
          const wanted =
            before === undefined
              ? 'new'
              : before.size === size
                ? 'known'
                : before.wasRefused
                  ? 'new'
                  : 'changed'
          expect(known.standingOf(file(name, size))).toBe(wanted)
          naive.set(name, { size, wasRefused })
          known.add(file(name, size), wasRefused)
        }
      }),
      { numRuns: 5 },
    )
  })
})

describe('filesOfParts', () => {
  const made = async (manifest: object): Promise<string> => {
    const dir = await mkdtemp(path.join(tmpdir(), 'rankan-known-'))
    const part = path.join(partsFolder(dir), '000000-a')
    await mkdir(part, { recursive: true })
    await writeFile(path.join(part, 'manifest.json'), JSON.stringify(manifest))
    return dir
  }
  const refused = (name: string, reason: 'unreadable' | 'corrupt'): FileResult => ({
    ...file(name),
    events: 0,
    refused: { reason, detail: '' },
  })

  it('tries again what could not be read', async () => {
    const files = [refused('a.json', 'unreadable'), refused('b.json', 'corrupt')]
    const dir = await made({ version: 1, omit: [], tables: 't', files })
    const known = await filesOfParts(dir, 't')
    expect(files.map((one) => known.standingOf(one))).toEqual(['new', 'known'])
    await rm(dir, { recursive: true })
  })

  it('refuses facts of other tables and of other manifests', async () => {
    for (const other of [{ version: 1, tables: 'u' }, { version: 2, tables: 't' }, { tables: 't' }]) {
      const dir = await made({ omit: [], files: [], ...other })
      await expect(filesOfParts(dir, 't')).rejects.toMatchObject({ code: 'facts_of_other_tables' })
      await rm(dir, { recursive: true })
    }
  })
})
