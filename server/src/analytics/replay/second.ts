import { parentPort, Worker, workerData } from 'node:worker_threads'
import { bug } from '../../kernel/errors.ts'
import { type LoadedTables, loadTables } from '../trail/tables.ts'
import { atomRow } from './atoms.ts'
import type { World } from './classes.ts'
import { type EstatePlan, estateFrom } from './estate.ts'
import { type PackedShare, packed } from './merge.ts'
import { factsReader } from './read.ts'
import type { Period } from './scan.ts'
import { askParts, emptyShare } from './share.ts'

/** What the second thread is asked: parts `[from, to)` of the facts in `dir`, which all have an index. */
export interface HalfAsk {
  readonly dir: string
  readonly plans: readonly EstatePlan[]
  readonly range: readonly [number, number]
  readonly period: Period
}

type Told =
  | { readonly kind: 'part'; readonly part: number }
  | { readonly kind: 'share'; readonly share: PackedShare }
  | { readonly kind: 'failed'; readonly message: string }

let iam: LoadedTables['iam'] | null = null

/** Estates come as data; compiled policies are functions and are made here. */
function worldOf(plan: EstatePlan): World {
  iam ??= loadTables().iam
  const estate = estateFrom(plan)
  return { estate, row: atomRow(estate.policies), iam }
}

async function answerHalf(
  { dir, plans, range, period }: HalfAsk,
  onPart: (part: number) => void,
  signal?: AbortSignal,
): Promise<PackedShare> {
  const share = emptyShare(plans.map(worldOf))
  await askParts(share, await factsReader(dir, share.kernel.room, signal), range, period, onPart)
  return packed(share)
}

/** A thread that has answered knows its code and AWS's actions, and waits for the next replay of this process. */
let idle: Worker | null = null

const takeThread = (): Worker => {
  const worker =
    idle ?? new Worker(new URL('./second.js', import.meta.url), { workerData: { role: 'replay' } })
  idle = null
  worker.ref()
  return worker
}

function giveBack(worker: Worker): void {
  worker.removeAllListeners()
  if (idle !== null) return void worker.terminate()
  idle = worker
  worker.unref()
  // It holds nothing that could fail while it waits; if it ends all the same, the next replay starts another.
  worker.on('error', () => undefined)
  worker.once('exit', () => {
    if (idle === worker) idle = null
  })
}

/**
 * Asks a half in a thread of its own. Compiled code runs in threads; source (tests) has no loader in a thread and asks
 * here, with data that went through the same copying. Ends with the reason when it is aborted.
 */
export function askHalf(
  ask: HalfAsk,
  onPart: (part: number) => void,
  signal: AbortSignal | undefined,
): Promise<PackedShare> {
  return import.meta.url.endsWith('.ts')
    ? answerHalf(structuredClone(ask), onPart, signal).then((share) => structuredClone(share))
    : inThread(ask, onPart, signal)
}

function inThread(
  ask: HalfAsk,
  onPart: (part: number) => void,
  signal: AbortSignal | undefined,
): Promise<PackedShare> {
  return new Promise((resolve, reject) => {
    const worker = takeThread()
    const stop = (error: unknown) => {
      signal?.removeEventListener('abort', onAbort)
      worker.removeAllListeners()
      worker.on('error', () => undefined)
      void worker.terminate()
      reject(error)
    }
    const onAbort = () => stop(signal?.reason)
    worker.removeAllListeners()
    worker.on('error', stop)
    worker.on('exit', (code) => stop(bug(`The second thread of a replay ended with code ${code}.`)))
    worker.on('message', (told: Told) => {
      if (told.kind === 'part') return onPart(told.part)
      if (told.kind === 'failed') return stop(bug(`The second thread of a replay failed: ${told.message}`))
      signal?.removeEventListener('abort', onAbort)
      giveBack(worker)
      resolve(told.share)
    })
    signal?.addEventListener('abort', onAbort)
    worker.postMessage(ask)
  })
}

if (parentPort !== null && (workerData as { role?: string } | null)?.role === 'replay') {
  const port = parentPort
  const tell = (told: Told) => port.postMessage(told)
  port.on('message', (ask: HalfAsk) => {
    answerHalf(ask, (part) => tell({ kind: 'part', part })).then(
      (share) => tell({ kind: 'share', share }),
      (error: unknown) =>
        tell({
          kind: 'failed',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    )
  })
}
