/** A message that EventBridge put into a queue. */
export interface QueueMessage {
  readonly id: string
  readonly body: string
  /** What deletes it. */
  readonly receipt: string
}

/** A queue that delivers at least once (SQS, by an adapter of `aws/`). */
export interface EventQueue {
  /** The next messages, none after at most so many seconds. Errors: `RankanError` `throttled` and `unavailable` pass. */
  receive(waitSeconds: number, signal: AbortSignal): Promise<readonly QueueMessage[]>
  /** @returns how many could not be deleted; they come again. */
  remove(receipts: readonly string[]): Promise<number>
  close(): void
}
