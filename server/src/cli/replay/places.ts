import type { DigestPlace } from '../../analytics/digests/check.ts'
import type { EventQueue } from '../../analytics/stream/queue.ts'
import type { TrailSource } from '../../analytics/trail/source.ts'

/** First and last day, both included. */
export interface Days {
  readonly since: string | null
  readonly until: string | null
}

export interface TrailPlace extends DigestPlace {
  readonly source: TrailSource
  close(): void
}

/** Where a trail may be, beside a folder. `main` knows how to get there; nothing is loaded before it is asked for. */
export interface Places {
  /** `s3://bucket/prefix` */
  s3(url: string, days: Days): Promise<TrailPlace>
  /** URL of an SQS queue; messages that are received stay hidden from others for so long. */
  queue(url: string, hiddenSeconds: number): Promise<EventQueue>
  /** Aborted when the process is asked to end. */
  stopped(): AbortSignal
}

export const isS3 = (text: string): boolean => /^s3:\/\//i.test(text)
