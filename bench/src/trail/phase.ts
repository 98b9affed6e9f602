import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { loadServerFile } from '../server.ts'
import { filesOf } from './files.ts'
import { generateTrail, ORGANIZATION } from './generate.ts'
import { peerPhase } from './peer.ts'
import type { PhaseInput, PhaseResult } from './phases.ts'
import { documentOf, guardsWith } from './policies.ts'
import { worldFor } from './world.ts'

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
        report = await replay({
          dir: facts,
          world,
          period: { since: null, until: null },
          limit: 20,
        })
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

/** Number of events of these files, unpacked and parsed in a thread of its own. */
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
