import { fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadServerFile } from './server.ts'
import { filesOf } from './trail/files.ts'
import type { PhaseInput, PhaseResult } from './trail/phases.ts'

export interface ReplayOptions {
  readonly events: number
  readonly seed: number
  readonly statements: number
  /** Records that the peer is asked. */
  readonly sample: number
  /** Keep trail and facts in this folder and take them from there if they are there. */
  readonly dir?: string
}

/** The machine that the figures are for. */
const THREADS = 2

/** A trail as large as asked, read into facts, asked; each phase in a process of its own. Fields as issue 3 names them. */
export async function replayBench(options: ReplayOptions): Promise<object> {
  const dir = options.dir ?? (await mkdtemp(path.join(tmpdir(), 'rankan-bench-replay-')))
  const input = inputOf(options, dir)
  try {
    const files = await trailFor(input)
    const bytesGz = await readOnce(files)
    const parse = await phase({ ...input, phase: 'gunzip_parse' })
    await rm(input.facts, { recursive: true, force: true })
    const ingest = await phase({ ...input, phase: 'ingest' })
    const answer = await phase({ ...input, phase: 'answer' })
    const peer = await phase({ ...input, phase: 'peer' })
    return resultOf(options, bytesGz, { parse, ingest, answer, peer })
  } finally {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
  }
}

/** Twice the history is twice the accounts times days: both grow, as an organisation does. */
function inputOf(
  { events, seed, statements, sample }: ReplayOptions,
  dir: string,
): Omit<PhaseInput, 'phase'> {
  const scale = Math.sqrt(events / 1_000_000)
  return {
    trail: path.join(dir, 'trail'),
    facts: path.join(dir, 'facts'),
    seed,
    events,
    accounts: Math.max(10, Math.round(20 * scale)),
    days: Math.max(2, Math.round(3 * scale)),
    statements,
    threads: THREADS,
    shard: 0,
    sample,
    answers: 3,
  }
}

async function trailFor(input: Omit<PhaseInput, 'phase'>): Promise<readonly string[]> {
  const there = await filesOf(input.trail).catch(() => [])
  if (there.length > 0) return there
  await Promise.all(
    Array.from({ length: THREADS }, (_, shard) => {
      const events = Math.floor((input.events + shard) / THREADS)
      return phase({ ...input, phase: 'generate', shard, events })
    }),
  )
  return filesOf(input.trail)
}

/** Reads every file once, so that the first phase to read them does not warm the disk's cache for the next; gives their bytes. */
async function readOnce(files: readonly string[]): Promise<number> {
  let bytes = 0
  for (const file of files) bytes += (await readFile(file)).length
  return bytes
}

interface Results {
  readonly parse: PhaseResult
  readonly ingest: PhaseResult
  readonly answer: PhaseResult
  readonly peer: PhaseResult
}

function resultOf(options: ReplayOptions, bytesGz: number, { parse, ingest, answer, peer }: Results): object {
  const perSecond = ({ told }: PhaseResult, ms: number) => ((told.events as number) * 1000) / ms
  const answerMs = median(answer.told.times as readonly number[])
  const [ingestRate, parseRate] = [perSecond(ingest, ingest.wall_ms), perSecond(parse, parse.wall_ms)]
  const answerRate = perSecond(answer, answerMs)
  const peerRate = perSecond(peer, peer.told.peer_ms as number)
  const disagreements = peer.told.disagreements as readonly string[]
  for (const one of disagreements) console.error(one)
  return {
    events: ingest.told.events,
    bytes_gz: bytesGz,
    statements: options.statements,
    ingest_events_per_s: Math.round(ingestRate),
    gunzip_parse_events_per_s: Math.round(parseRate),
    ingest_ratio: round(ingestRate / parseRate),
    answer_events_per_s: Math.round(answerRate),
    answer_ms: Math.round(answerMs),
    facts_ratio: round((ingest.told.events as number) / (peer.told.facts as number)),
    peer_events_per_s: round(peerRate),
    ratio_answer: Math.round(answerRate / peerRate),
    ratio_raw: Math.round(perSecond(ingest, ingest.wall_ms + answerMs) / peerRate),
    rss_mb_max: Math.round(Math.max(ingest.rss_mb, answer.rss_mb)),
    disagreements: disagreements.length,
  }
}

const round = (value: number) => Math.round(value * 100) / 100
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Phases that the server runs in the process of a replay, which it starts with this environment. */
const OURS: readonly PhaseInput['phase'][] = ['ingest', 'answer']

async function phase(input: PhaseInput): Promise<PhaseResult> {
  const { READING_ENVIRONMENT } = await loadServerFile<
    typeof import('../../server/src/analytics/trail/environment.ts')
  >('analytics/trail/environment.js')
  const script = fileURLToPath(new URL('./trail/phase.js', import.meta.url))
  const folder = process.env.BENCH_PROFILE
  const execArgv =
    folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.join(folder, input.phase)}`]
  return new Promise((resolve, reject) => {
    const child = fork(script, ['--phase', JSON.stringify(input)], {
      execArgv,
      env: OURS.includes(input.phase) ? { ...READING_ENVIRONMENT, ...process.env } : process.env,
      stdio: ['ignore', 2, 2, 'ipc'],
    })
    let result: PhaseResult | null = null
    child.on('message', (message) => {
      result = message as PhaseResult
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (result === null) return reject(new Error(`phase ${input.phase} ended with code ${code}`))
      const { wall_ms, cpu_ms, rss_mb, told } = result
      const { disagreements: _, ...shown } = told
      console.error(
        `${input.phase}: ${Math.round(wall_ms)} ms, processor ${Math.round(cpu_ms)} ms, ${Math.round(rss_mb)} MB ${JSON.stringify(shown)}`,
      )
      resolve(result)
    })
  })
}
