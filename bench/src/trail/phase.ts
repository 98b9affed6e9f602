import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { loadServerFile } from '../server.ts'
import { accountIdAt, generateTrail, ORGANIZATION } from './generate.ts'
import { peerPhase } from './peer.ts'
import { documentOf, guardsWith, treeOf } from './policies.ts'

/** One phase of the benchmark in a process of its own, so that its memory and its processor time are its own. */
export interface PhaseInput {
  readonly phase: 'generate' | 'gunzip_parse' | 'ingest' | 'answer' | 'peer'
  readonly trail: string
  readonly facts: string
  readonly seed: number
  readonly events: number
  readonly accounts: number
  readonly days: number
  readonly statements: number
  readonly threads: number
  readonly shard: number
  /** Requests that the peer is asked. */
  readonly sample: number
  /** Answers asked one after the other in one process. */
  readonly answers: number
}

export interface PhaseResult {
  readonly wall_ms: number
  /** Of all threads of the process, from the beginning of the work to its end. */
  readonly cpu_ms: number
  readonly rss_mb: number
  readonly told: Readonly<Record<string, number | readonly number[] | readonly string[]>>
}

type Told = PhaseResult['told']

export async function runPhase(input: PhaseInput): Promise<PhaseResult> {
  const work = await PHASES[input.phase](input)
  const [cpu, begun] = [process.cpuUsage(), performance.now()]
  const told = await work()
  const { user, system } = process.cpuUsage(cpu)
  return {
    wall_ms: performance.now() - begun,
    cpu_ms: (user + system) / 1000,
    rss_mb: process.resourceUsage().maxRSS / 1024,
    told,
  }
}

/** Each prepares (loads code) and returns what is measured. */
const PHASES: Readonly<Record<PhaseInput['phase'], (input: PhaseInput) => Promise<() => Promise<Told>>>> = {
  generate: async (input) => async () => {
    const { events, bytesGz, files } = await generateTrail({ ...input, dir: input.trail })
    return { events, bytes_gz: bytesGz, files: files.length }
  },
  gunzip_parse: async ({ trail, threads }) => {
    const files = await filesOf(trail)
    return async () => {
      const counts = await Promise.all(
        Array.from({ length: threads }, (_, thread) =>
          inThread(files.filter((_, index) => index % threads === thread)),
        ),
      )
      return { events: counts.reduce((sum, one) => sum + one, 0) }
    }
  },
  ingest: async ({ trail, facts, threads }) => {
    const { ingest } =
      await loadServerFile<typeof import('../../../server/src/analytics/trail/ingest.ts')>(
        'analytics/trail/ingest.js',
      )
    const { folderSource } =
      await loadServerFile<typeof import('../../../server/src/analytics/trail/source.ts')>(
        'analytics/trail/source.js',
      )
    return async () => {
      const report = await ingest({ source: folderSource(trail), dir: facts, threads })
      return { events: report.events, parts: report.parts, refused: report.refused.length }
    }
  },
  answer: async ({ facts, answers, ...input }) => {
    const { replay } = await loadServerFile<typeof import('../../../server/src/analytics/replay/answer.ts')>(
      'analytics/replay/answer.js',
    )
    const world = await worldFor(input)
    return async () => {
      const times: number[] = []
      let report: Awaited<ReturnType<typeof replay>> | null = null
      for (let i = 0; i < answers; i++) {
        const begun = performance.now()
        report = await replay({ dir: facts, world, period: { since: null, until: null }, limit: 20 })
        times.push(performance.now() - begun)
      }
      return {
        times,
        events: report?.events ?? 0,
        denied: report?.denied.calls ?? 0,
        unknown: report?.unknown.calls ?? 0,
      }
    }
  },
  peer: async (input) => {
    const world = await worldFor(input)
    const guards = guardsWith(input.statements, ORGANIZATION)
    const documents = new Map(guards.map((guard) => [guard.name, documentOf(guard)]))
    return () => peerPhase(input, world, documents)
  },
}

/** The benchmark's policies on its tree, as `rankan replay` puts them together. */
async function worldFor({ statements, accounts }: Pick<PhaseInput, 'statements' | 'accounts'>) {
  const [{ parsedOf }, { readTree }, { estateOf }, { atomRow }, { loadTables }] = await Promise.all([
    loadServerFile<typeof import('../../../server/src/analytics/replay/folder.ts')>(
      'analytics/replay/folder.js',
    ),
    loadServerFile<typeof import('../../../server/src/analytics/replay/tree.ts')>('analytics/replay/tree.js'),
    loadServerFile<typeof import('../../../server/src/analytics/replay/estate.ts')>(
      'analytics/replay/estate.js',
    ),
    loadServerFile<typeof import('../../../server/src/analytics/replay/atoms.ts')>(
      'analytics/replay/atoms.js',
    ),
    loadServerFile<typeof import('../../../server/src/analytics/trail/tables.ts')>(
      'analytics/trail/tables.js',
    ),
  ])
  const guards = guardsWith(statements, ORGANIZATION)
  const ids = Array.from({ length: accounts }, (_, index) => accountIdAt(index))
  const tree = readTree(treeOf(guards, ORGANIZATION, ids), 'the benchmark')
  const policies = parsedOf(
    guards.map((guard) => ({
      name: guard.name,
      kind: guard.kind,
      file: guard.name,
      document: documentOf(guard),
    })),
  )
  const estate = estateOf(policies, tree)
  return { estate, row: atomRow(estate.policies), iam: loadTables().iam }
}

export type BenchWorld = Awaited<ReturnType<typeof worldFor>>

export async function filesOf(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir, { recursive: true })
  return names
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => path.join(dir, name))
}

export async function bytesOf(files: readonly string[]): Promise<number> {
  let sum = 0
  for (const file of files) sum += (await stat(file)).size
  return sum
}

function inThread(files: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./gunzip-parse.js', import.meta.url), { workerData: { files } })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

if (process.send !== undefined && process.argv[2] === '--phase') {
  const input = JSON.parse(process.argv[3] ?? '') as PhaseInput
  process.send(await runPhase(input))
  process.disconnect()
}
