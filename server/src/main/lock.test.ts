import type * as fs from 'node:fs'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lockDataFolder } from './lock.ts'

/** Called before each operation on files that changes something or that a decision rests on. */
const between = vi.hoisted(() => ({ call: () => {} }))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  const watched = [
    'openSync',
    'writeSync',
    'writeFileSync',
    'readFileSync',
    'linkSync',
    'renameSync',
    'rmSync',
  ]
  const wrapped = watched.map((name) => {
    const work = real[name as 'rmSync'] as (...args: unknown[]) => unknown
    const watching = (...args: unknown[]) => {
      between.call()
      return work(...args)
    }
    return [name, watching]
  })
  return { ...real, ...Object.fromEntries(wrapped) }
})

let dir: string
const lock = () => path.join(dir, 'rankan.lock')
beforeEach(() => {
  between.call = () => {}
  dir = mkdtempSync(path.join(tmpdir(), 'rankan-lock-'))
})
afterEach(() => {
  between.call = () => {}
  rmSync(dir, { recursive: true, force: true })
})

const running = { kind: 'conflict', code: 'already_running' }
/** No process has this id: Linux ends at 4,194,304. */
const GONE = '99999999 1\n'

const taken = (): (() => void) | null => {
  try {
    return lockDataFolder(dir)
  } catch (error) {
    expect(error).toMatchObject(running)
    return null
  }
}

/** Takes the lock; before its `step`-th operation on files another one does so from begin to end. */
function raced(step: number): { readonly holders: number; readonly steps: number } {
  let steps = 0
  let other: (() => void) | null = null
  between.call = () => {
    if (++steps !== step) return
    between.call = () => {}
    other = taken()
    between.call = () => steps++
  }
  const own = taken()
  between.call = () => {}
  return { holders: [own, other].filter((unlock) => unlock !== null).length, steps }
}

describe('lockDataFolder', () => {
  it('is held by one at a time, and leaves nothing when it is given back', () => {
    const unlock = lockDataFolder(dir)
    expect(() => lockDataFolder(dir)).toThrow(expect.objectContaining(running))
    unlock()
    lockDataFolder(dir)()
    expect(readdirSync(dir)).toEqual([])
  })

  it('is taken over from a process that is gone, or from a file that tells of none', () => {
    for (const left of [GONE, '', 'x y z']) {
      writeFileSync(lock(), left)
      const unlock = lockDataFolder(dir)
      expect(() => lockDataFolder(dir)).toThrow(expect.objectContaining(running))
      unlock()
      expect(readdirSync(dir)).toEqual([])
    }
  })

  it('is not given back by one that has it no more', () => {
    const unlock = lockDataFolder(dir)
    writeFileSync(lock(), GONE)
    const mine = lockDataFolder(dir)
    expect(readFileSync(lock(), 'utf8')).toContain(String(process.pid))
    mine()
    unlock()
  })

  for (const [what, left] of [
    ['free', null],
    ['left by a process that is gone', GONE],
  ] as const)
    it(`one_holder_whatever_the_moment: another comes at any step, the lock being ${what}`, () => {
      for (let step = 1, steps = 1; step <= steps; step++) {
        for (const name of readdirSync(dir)) rmSync(path.join(dir, name))
        if (left !== null) writeFileSync(lock(), left)
        const found = raced(step)
        expect([step, found.holders]).toEqual([step, 1])
        steps = found.steps
      }
    })
})
