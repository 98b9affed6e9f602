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
