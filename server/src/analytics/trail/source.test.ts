import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { folderSource } from './source.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'source-'))
})
afterEach(() => rm(dir, { recursive: true }))

it('symbolic_links_are_told_and_never_followed: no file counts twice, and no loop is walked', async () => {
  await mkdir(path.join(dir, 'AWSLogs'))
  await writeFile(path.join(dir, 'AWSLogs', 'a.json'), '{}')
  for (const [target, name] of [
    ['AWSLogs', 'folder'],
    ['.', 'loop'],
    ['AWSLogs/a.json', 'file.json'],
    ['nowhere', 'broken.json'],
    ['AWSLogs/a.json', 'notes.txt'],
  ] as const)
    await symlink(target, path.join(dir, name))
  const source = folderSource(dir)
  const listed = []
  for await (const file of source.list()) listed.push(file)
  expect(listed.map(({ name }) => name)).toEqual([
    'AWSLogs/a.json',
    'broken.json',
    'file.json',
    'folder',
    'loop',
  ])
  for (const file of listed.slice(1)) await expect(source.read(file)).rejects.toThrow('symbolic link')
  expect(await source.read(listed[0] as (typeof listed)[0])).toEqual(Buffer.from('{}'))
})
