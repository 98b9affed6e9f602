import { RankanError } from '../../kernel/errors.ts'
import { answerReplay } from './answer.ts'
import type { FromReplay, ToReplay } from './messages.ts'

/** The process of one replay: started by a worker, ended with it. */
const end = new AbortController()

/** Resolves when the worker has the message, so that the process may end. */
const say = (message: FromReplay): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected && process.send !== undefined) process.send(message, () => resolve())
    else resolve()
  })

async function run(start: Extract<ToReplay, { kind: 'start' }>): Promise<void> {
  try {
    const outcome = await answerReplay(
      start,
      (progress) => void say({ kind: 'progress', progress }),
      end.signal,
    )
    await say({ kind: 'done', outcome })
  } catch (error) {
    await say({ kind: 'failed', error: wordsOf(error) })
  }
  process.exit(0)
}

function wordsOf(error: unknown): Extract<FromReplay, { kind: 'failed' }>['error'] {
  if (error instanceof RankanError)
    return { kind: error.kind, code: error.code, message: error.message, issues: error.issues }
  return {
    kind: 'bug',
    code: 'bug',
    message: error instanceof Error ? error.message : String(error),
    issues: [],
  }
}

process.on('message', (message: ToReplay) => {
  if (message.kind === 'start') void run(message)
  else end.abort(new Error('the replay was stopped'))
})
// The worker is gone: whoever takes the replay over needs the folder of the facts.
process.on('disconnect', () => process.exit(1))
// Ctrl-C in a terminal reaches the whole group; the worker decides what becomes of its replay.
process.on('SIGINT', () => {})
