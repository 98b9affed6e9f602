import { parentPort, Worker, workerData } from 'node:worker_threads'
import { bug } from '../../kernel/errors.ts'
import { prepareThreads } from './garbage.ts'

/** Something that is asked one thing after the other: in a thread, or here. */
export interface Thread<Ask, Answer> {
  /** Memory of `moved` is gone afterwards. */
  ask(ask: Ask, moved?: readonly ArrayBuffer[]): Promise<Answer>
  end(): Promise<unknown>
}

type Told<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly message: string }

/**
 * Young objects of a thread; V8 lets them grow to 48 MB. Half of it took as much processor time and 30 to 60 MB less for five threads
 * (800,000 and 3,200,000 events, 2026-11-23); a quarter took a twentieth more time.
 */
const YOUNG_MB = 24

/** Starts the module at `file` as a thread of that role. */
export function startThread<Setup, Ask, Answer>(file: URL, role: string, setup: Setup): Thread<Ask, Answer> {
  prepareThreads()
  const worker = new Worker(file, {
    workerData: { role, setup },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const waiting: { resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = []
  worker.on('message', (told: Told<Answer>) => {
    const next = waiting.shift()
    if (told.kind === 'failed') next?.reject(bug(`A trail thread failed: ${told.message}`))
    else next?.resolve(told.answer)
  })
  worker.on('error', (error) => {
    for (const one of waiting.splice(0)) one.reject(error)
  })
  return {
    ask: (ask, moved = []) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.postMessage(ask, [...moved])
      }),
    end: () => worker.terminate(),
  }
}

/** The same without a thread. */
export const noThread = <Ask, Answer>(answer: (ask: Ask) => Promise<Answer>): Thread<Ask, Answer> => ({
  ask: answer,
  end: async () => undefined,
})

/** Answers one question after the other, if this is a thread of that role. */
export function serve<Setup, Ask, Answer>(
  role: string,
  make: (setup: Setup) => (ask: Ask) => Promise<Answer>,
  moved: (answer: Answer) => readonly ArrayBuffer[],
): void {
  const data = workerData as { readonly role?: string; readonly setup?: Setup } | null
  if (parentPort === null || data?.role !== role) return
  const port = parentPort
  const answer = make(data.setup as Setup)
  const tell = (told: Told<Answer>, memory: readonly ArrayBuffer[]) => port.postMessage(told, [...memory])
  let last: Promise<unknown> = Promise.resolve()
  port.on('message', (ask: Ask) => {
    last = last
      .then(() => answer(ask))
      .then((one) => tell({ kind: 'answer', answer: one }, moved(one)))
      .catch((error: unknown) =>
        tell(
          {
            kind: 'failed',
            message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          },
          [],
        ),
      )
  })
}
