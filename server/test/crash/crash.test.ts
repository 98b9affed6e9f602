import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { type Engine, type Kind, type Lane, openLane, seedHost } from './lane.ts'

/** AWS's half hour for an account passes in under a second. */
const TIME_SCALE = 2000
/** Lanes mostly wait for the lease of the dead to run out, so there are more of them than cores. */
const LANES = Number(process.env.CRASH_LANES ?? 6)
/** A quick look takes every n-th point from the given one on; CI takes all. */
const EVERY = Number(process.env.CRASH_EVERY ?? 1)
const FIRST = Number(process.env.CRASH_FIRST ?? 0)
const MINUTES = 60_000
/** Two free cores need about three minutes for a case; a machine that is busy with other work gets its time. */
const CASE_TIMEOUT_MS = Number(process.env.CRASH_TIMEOUT_MINUTES ?? 20) * MINUTES

/** The last member begins the tags of its runs; a letter that no hexadecimal number has. */
type Case = readonly [Kind, Engine, string]
/** Both engines differ only in how the account is made; CI takes the one that most installations use. */
const EVERY_CASE: readonly Case[] = [
  ['vend', 'account_factory', 'v'],
  ['close', 'account_factory', 'x'],
  ['vend', 'auto_enrolment', 'w'],
]
const CASES = process.env.CRASH_ALL ? EVERY_CASE : EVERY_CASE.slice(0, 2)

/**
 * Every workflow dies once before and once after each of its effects, by SIGKILL of a real worker process, and ends
 * as if nothing had happened. What an effect is: see worker.mjs.
 */
describe('crash everywhere', () => {
  let sandbox: Sandbox
  let lanes: readonly Lane[] = []
  beforeAll(async () => {
    sandbox = await startSandbox({
      dataDir: null,
      allowedActions: DECLARED_ACTIONS,
      estate: 'empty',
      timeScale: TIME_SCALE,
    })
    seedHost(sandbox)
    lanes = await Promise.all(Array.from({ length: LANES }, () => openLane(sandbox, TIME_SCALE)))
  })
  afterAll(async () => {
    await Promise.all(lanes.map((lane) => lane.stop()))
    await sandbox.stop()
  })

  it.each(CASES)(
    '%s with %s',
    async (kind, engine, letter) => {
      const tag = (n: number) => `${letter}${String(n).padStart(3, '0')}`
      const [first] = lanes
      if (!first) throw new Error('no lane')
      const clean = await first.run(tag(0), kind, engine, null)
      expect(clean.died).toBe(false)
      expect(clean.seen.length).toBeGreaterThan(20)
      const queue = clean.seen
        .map((point, n) => ({ point, tag: tag(n + 1) }))
        .filter((_, n) => n % EVERY === FIRST)
      const wrong: string[] = []
      const work = async (lane: Lane): Promise<void> => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const verdict = await compare(lane, next, kind, engine, clean.end)
          if (verdict !== null) wrong.push(verdict)
          if (process.env.CRASH_LOG) console.log(next.tag, next.point, verdict ?? 'equal')
        }
      }
      await Promise.all(lanes.map(work))
      expect(wrong).toEqual([])
    },
    CASE_TIMEOUT_MS,
  )
})

async function compare(
  lane: Lane,
  { point, tag }: { point: string; tag: string },
  kind: Kind,
  engine: Engine,
  wanted: string,
): Promise<string | null> {
  try {
    const run = await lane.run(tag, kind, engine, point)
    if (!run.died) return `${point}: was never reached`
    return run.end === wanted ? null : `${point}: ${difference(wanted, run.end)}`
  } catch (error) {
    return `${point}: ${String(error)}`
  }
}

/** What one end has and the other has not, member by member. */
function difference(wanted: string, got: string): string {
  const [left, right] = [members(wanted), members(got)]
  const only = (mine: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
    [...mine].filter(([text, n]) => n > (other.get(text) ?? 0)).map(([text]) => text.slice(0, 200))
  const lines = [
    ...only(left, right).map((text) => `\n  missing ${text}`),
    ...only(right, left).map((text) => `\n  extra   ${text}`),
  ]
  return lines.slice(0, 12).join('') || '\n  the same members in another order'
}

function members(text: string): ReadonlyMap<string, number> {
  const count = new Map<string, number>()
  for (const member of text.split(/(?<=,)/)) count.set(member, (count.get(member) ?? 0) + 1)
  return count
}
