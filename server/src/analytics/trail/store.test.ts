import type * as files from 'node:fs/promises'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  clearWork,
  type Manifest,
  manifestsOf,
  nextNumber,
  partNames,
  partsFolder,
  publish,
  workFolder,
} from './store.ts'

/** What was asked of the disk, in its order. */
const asked = vi.hoisted((): string[] => [])
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>()
  return {
    ...real,
    async open(name: string, ...rest: [string]) {
      const handle = await real.open(name, ...rest)
      const sync = handle.sync.bind(handle)
      handle.sync = () => {
        asked.push(`sync ${path.basename(name)}`)
        return sync()
      }
      return handle
    },
    rename(from: string, to: string) {
      asked.push(`rename ${path.basename(to)}`)
      return real.rename(from, to)
    },
  }
})

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rankan-store-'))
  await clearWork(dir)
  asked.length = 0
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const manifest = (name: string): Manifest => ({
  version: 1,
  omit: [],
  tables: 't',
  files: [{ name, size: 1, etag: '', events: 1, refused: null }],
})
const manifests = async () => {
  const all: Manifest[] = []
  for await (const one of manifestsOf(dir)) all.push(one)
  return all
}
const published = async (id: string) => {
  const work = path.join(workFolder(dir), id)
  await mkdir(work)
  await writeFile(path.join(work, 'facts.parquet'), 'facts')
  await publish(dir, work, id, manifest(id))
}

describe('store', () => {
  it('a_power_cut_leaves_whole_parts: all of a part is on the disk before its name is, and then its name', async () => {
    await published('000000-a')
    expect(asked).toEqual([
      'sync facts.parquet',
      'sync manifest.json',
      'sync 000000-a',
      'rename 000000-a',
      'sync parts',
    ])
  })

  it('takes for parts only what is named as one', async () => {
    await published('000000-a')
    await writeFile(path.join(partsFolder(dir), '.DS_Store'), 'x')
    await mkdir(path.join(partsFolder(dir), 'lost+found'))
    expect(await partNames(dir)).toEqual(['000000-a'])
    expect((await manifests()).map(({ files }) => files[0]?.name)).toEqual(['000000-a'])
  })

  it('names the manifest that cannot be read and what to do', async () => {
    await published('000000-a')
    await published('000001-b')
    const part = path.join(partsFolder(dir), '000001-b')
    for (const text of ['', '{"version":1,"files":[{"na', 'null', '{}']) {
      await writeFile(path.join(part, 'manifest.json'), text)
      await expect(manifests()).rejects.toMatchObject({
        kind: 'conflict',
        code: 'broken_facts',
        message: expect.stringMatching(/000001-b\/manifest\.json.*Remove the folder .*000001-b/),
      })
    }
    await rm(part, { recursive: true })
    expect(await manifests()).toHaveLength(1)
  })

  it('reads one manifest at a time, and numbers the next part behind the last one', async () => {
    expect(await nextNumber(dir)).toBe(0)
    for (const id of ['000000-a', '000001-b', '000002-c']) await published(id)
    await writeFile(path.join(partsFolder(dir), '000001-b', 'manifest.json'), '')
    // The second one is not read before it is asked for.
    const read = manifestsOf(dir)
    expect((await read.next()).value?.files[0]?.name).toBe('000000-a')
    await expect(read.next()).rejects.toMatchObject({ code: 'broken_facts' })
    await rm(path.join(partsFolder(dir), '000001-b'), { recursive: true })
    expect(await nextNumber(dir)).toBe(3)
  })
})
