import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { fullDisk, refuseFullDisk } from './disk.ts'

it('refuses a disk without room, and says how much there is and what is needed', () => {
  expect(fullDisk('/data', 12_900_000, true)).toMatchObject({ kind: 'unavailable', code: 'disk_full' })
  expect(fullDisk('/data', 12_900_000, true)?.message).toBe(
    'The disk of the data folder `/data` is full: 12 MB are free, Rankan needs 200 MB to begin. Free some space and start again, or choose another folder with RANKAN_DATA.',
  )
})

it('goes on in a folder that is there with less, and never speaks of a new folder to who has data', () => {
  expect(fullDisk('/data', 60_000_000, true)).not.toBeNull()
  expect(fullDisk('/data', 60_000_000, false)).toBeNull()
  expect(fullDisk('/data', 0, false)?.message).toMatch(/needs 50 MB to go on.*nothing is lost\.$/)
})

it('takes a disk with room', () => {
  expect(fullDisk('/data', 200_000_000, true)).toBeNull()
  expect(() => refuseFullDisk(tmpdir())).not.toThrow()
})
