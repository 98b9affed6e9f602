import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { difference } from './end-state.ts'
import { type Lane, openLane, type RunResult, seedHost } from './lane.ts'
import { type Engine, type Stage, type StageName, stage } from './stages.ts'

/** AWS's half hour for an account passes in under a second. */
const TIME_SCALE = 2000
/** Lanes mostly wait until the dead are missed, so there are more of them than cores. */
const LANES = Number(process.env.CRASH_LANES ?? 6)
/** A quick look takes every n-th point from the given one on; CI takes all. */
const EVERY = Number(process.env.CRASH_EVERY ?? 1)
const FIRST = Number(process.env.CRASH_FIRST ?? 0)
const MINUTES = 60_000
/** A machine that is busy with other work gets its time. */
const CASE_TIMEOUT_MS = Number(process.env.CRASH_TIMEOUT_MINUTES ?? 20) * MINUTES

/**
 * One account goes through all the work of a case, and each piece of work dies once on the way: so an account is
 * vended once for a death in each. The letter begins the tags of its runs; no hexadecimal number has it.
 */
interface Case {
  readonly name: string
  readonly engine: Engine
  readonly letter: string
  readonly stages: readonly StageName[]
}

const WHOLE_LIFE = [
  'vend',
  'contacts',
  'owner',
  'move',
  'suspend',
  'resume',
  'closeGivenUp',
  'closeGivenUpLate',
  'close',
] as const satisfies readonly StageName[]

/** What differs between the engines: how accounts are made, moved and let go. */
const EVERYTHING: readonly Case[] = [
  { name: 'whole life', engine: 'account_factory', letter: 'v', stages: WHOLE_LIFE },
  { name: 'vending given up', engine: 'account_factory', letter: 'x', stages: ['vendGivenUp'] },
  {
    name: 'life',
    engine: 'auto_enrolment',
    letter: 'w',
    stages: ['vend', 'move', 'closeGivenUp', 'closeGivenUpLate', 'close'],
  },
  { name: 'vending given up', engine: 'auto_enrolment', letter: 'y', stages: ['vendGivenUp'] },
]
/** What fits into four minutes of two cores; the rest is for whoever changes engine or workflows. */
const IN_CI: readonly Case[] = [
  { name: 'life', engine: 'account_factory', letter: 'v', stages: ['vend', 'suspend', 'close'] },
]
const only = process.env.CRASH_ONLY
const CASES = (process.env.CRASH_ALL ? EVERYTHING : IN_CI).filter(
  ({ letter }) => only === undefined || only.includes(letter),
)

/**
 * Work dies once before and once after each of its effects, by SIGKILL of a real worker process, and ends as if
 * nothing had happened. What an effect is: see worker.mjs. Half of the lanes write the result of each step at once,
 * so that the dead leave everything written; the others leave what they did last unwritten.
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
    lanes = await Promise.all(
      Array.from({ length: LANES }, (_, n) =>
        openLane(sandbox, TIME_SCALE, { CRASH_PAGE_MS: n % 2 === 0 ? '0' : '2000' }),
      ),
    )
  })
  afterAll(async () => {
    await Promise.all(lanes.map((lane) => lane.stop()))
    await sandbox?.stop()
  })

  it.each(CASES.map((one) => [`${one.name} with ${one.engine}`, one] as const))(
    '%s',
    async (_, { engine, letter, stages: names }) => {
      const stages = names.map(stage)
      let lives = 0
      const tag = () => `${letter}${String(lives++).padStart(3, '0')}`
      const clean = await cleanLife(lanes, tag(), engine, stages)
      const queue = deathsOf(clean)
      const wrong: string[] = []
      const work = async (lane: Lane): Promise<void> => {
        for (let deaths = queue.shift(); deaths; deaths = queue.shift()) {
          const { verdict, left } = await liveAndDie(lane, { tag: tag(), engine, stages, deaths, clean })
          if (verdict !== null) wrong.push(verdict)
          if (left.some((point) => point !== null)) queue.push(left)
          if (process.env.CRASH_LOG) console.log(deaths.filter(Boolean).join(', '), verdict ?? 'equal')
        }
      }
      await Promise.all(lanes.map(work))
      expect(wrong).toEqual([])
    },
    CASE_TIMEOUT_MS,
  )
})

/** For each stage the point at which it dies; null: it lives. */
type Deaths = readonly (string | null)[]

async function cleanLife(
  [lane]: readonly Lane[],
  tag: string,
  engine: Engine,
  stages: readonly Stage[],
): Promise<readonly RunResult[]> {
  if (!lane) throw new Error('no lane')
  const life = await lane.begin(tag, engine)
  const clean: RunResult[] = []
  for (const one of stages) {
    const result = await life.run(one, null)
    expect(result.seen.length, one.name).toBeGreaterThan(8)
    clean.push(result)
  }
  return clean
}

/** The n-th life dies at the n-th point of each stage; it ends with the last stage that has so many. */
function deathsOf(clean: readonly RunResult[]): Deaths[] {
  const most = Math.max(...clean.map(({ seen }) => seen.length))
  return Array.from({ length: most }, (_, n) => clean.map(({ seen }) => seen[n] ?? null)).filter(
    (_, n) => n % EVERY === FIRST,
  )
}

interface Mortal {
  readonly tag: string
  readonly engine: Engine
  readonly stages: readonly Stage[]
  readonly deaths: Deaths
  readonly clean: readonly RunResult[]
}

/** Ends at the first stage that is not as it should be; what was to die after it is left for another life. */
async function liveAndDie(
  lane: Lane,
  { tag, engine, stages, deaths, clean }: Mortal,
): Promise<{ verdict: string | null; left: Deaths }> {
  const last = deaths.findLastIndex((point) => point !== null)
  const life = await lane.begin(tag, engine)
  for (const [n, one] of stages.slice(0, last + 1).entries()) {
    const point = deaths[n] ?? null
    const verdict = await compare(life.run(one, point), point, clean[n]?.end ?? '')
    if (verdict !== null)
      return {
        verdict: `${one.name} ${point}: ${verdict}`,
        left: deaths.map((later, i) => (i > n ? later : null)),
      }
  }
  return { verdict: null, left: [] }
}

async function compare(
  running: Promise<RunResult>,
  point: string | null,
  wanted: string,
): Promise<string | null> {
  try {
    const { died, end } = await running
    if (died !== (point !== null)) return 'was never reached'
    return end === wanted ? null : difference(wanted, end)
  } catch (error) {
    return String(error)
  }
}
