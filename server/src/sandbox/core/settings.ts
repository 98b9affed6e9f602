/** Dated settings of all services in one place, with what the control API put over them. */
import { bug } from '../../kernel/errors.ts'
import type { DatedDuration, DatedLimit, Settings } from './contract.ts'

export interface AllSettings {
  readonly durations: ReadonlyMap<string, DatedDuration>
  readonly limits: ReadonlyMap<string, DatedLimit>
}

export function mergeSettings(parts: readonly (Settings | undefined)[]): AllSettings {
  const durations = new Map<string, DatedDuration>()
  const limits = new Map<string, DatedLimit>()
  for (const part of parts) {
    for (const [key, value] of Object.entries(part?.durations ?? {})) addOnce(durations, key, value)
    for (const [key, value] of Object.entries(part?.limits ?? {})) addOnce(limits, key, value)
  }
  return { durations, limits }
}

function addOnce<T>(into: Map<string, T>, key: string, value: T): void {
  if (into.has(key)) throw bug(`Two services define the setting \`${key}\`.`)
  into.set(key, value)
}

/** Uniform within ± jitter; whole milliseconds. */
export const drawDuration = (
  { ms, jitter = 0 }: Pick<DatedDuration, 'ms' | 'jitter'>,
  random: () => number,
) => (jitter === 0 ? ms : Math.round(ms * (1 - jitter + 2 * jitter * random())))
