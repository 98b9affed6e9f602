import type { Clock } from '../../kernel/clock.ts'
import { SQS_BATCH } from '../sqs/messages.ts'

/** Far below the time for which SQS hides a message from others. */
const GATHER_MS = 8_000

export interface Removal {
  /** Removes the messages soon, together with others. Throws the error of an earlier removal: those messages come again. */
  add(receipts: readonly string[]): void
  /** Removes at once what is left, and ends. Nothing is thrown any more. */
  end(): Promise<void>
}

/**
 * AWS tells of one account in several events that come one after the other: deleting each by itself would be as many
 * calls as receiving them. What was taken and not deleted, because the process died, is delivered and taken again.
 */
export function gatheringRemoval(
  clock: Clock,
  remove: (receipts: readonly string[]) => Promise<unknown>,
): Removal {
  const ended = new AbortController()
  let gathered: string[] = []
  let last: Promise<void> = Promise.resolve()
  let failure: { readonly error: unknown } | null = null
  let scheduled = false
  const flush = () => {
    while (gathered.length > 0) {
      const batch = gathered.splice(0, SQS_BATCH)
      last = last
        .then(() => remove(batch))
        .then(
          () => {},
          (error: unknown) => {
            failure = { error }
          },
        )
    }
  }
  const flushLater = () => {
    if (scheduled) return
    scheduled = true
    const over = () => {
      scheduled = false
      flush()
    }
    void clock.sleep(GATHER_MS, ended.signal).then(over, over)
  }
  return {
    add(receipts) {
      gathered = [...gathered, ...receipts]
      if (gathered.length >= SQS_BATCH) flush()
      else if (gathered.length > 0) flushLater()
      const failed = failure
      failure = null
      if (failed !== null) throw failed.error
    },
    async end() {
      ended.abort()
      flush()
      await last
    },
  }
}
