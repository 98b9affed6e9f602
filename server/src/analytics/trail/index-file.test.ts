import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSections, type Section, writeSections } from './index-file.ts'

let dir: string
const file = () => path.join(dir, 'some.index')
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'rankan-sections-'))
  writeSections(
    file(),
    7,
    { rows: 3 },
    new Map<string, Section>([
      ['a', Uint8Array.of(1, 2, 3)],
      ['b', Uint16Array.of(4, 500)],
      ['c', Uint32Array.of(6, 70_000, 8)],
    ]),
  )
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** How often this process has the file open, where the system tells (Linux). */
const timesOpen = (): number => {
  try {
    return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === file()).length
  } catch {
    return 0
  }
}
const linkOf = (fd: string): string | null => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return null
  }
}

describe('openSections', () => {
  it('reads what was written, whole and in pieces', () => {
    const found = openSections<{ rows: number }>(file(), 7)
    expect([found?.meta, found?.u8('a'), found?.u16('b'), found?.words('c', 1, 2), found?.has('d')]).toEqual([
      { rows: 3 },
      Uint8Array.of(1, 2, 3),
      Uint16Array.of(4, 500),
      Uint32Array.of(70_000, 8),
      false,
    ])
    found?.close()
  })

  it('no_part_of_a_file_opens: one without its end, of zeros or of another version is none', () => {
    const whole = readFileSync(file())
    // Behind the last section is what makes its size a multiple of eight.
    for (let size = 0; size < whole.length - 4; size++) {
      writeFileSync(file(), whole.subarray(0, size))
      expect([size, openSections(file(), 7)]).toEqual([size, null])
    }
    writeFileSync(file(), new Uint8Array(whole.length))
    expect(openSections(file(), 7)).toBeNull()
    writeFileSync(file(), new Uint8Array(whole.length).fill(0x7f))
    expect(openSections(file(), 7)).toBeNull()
    writeFileSync(file(), whole)
    expect(openSections(file(), 8)).toBeNull()
    expect(timesOpen()).toBe(0)
  })
})
