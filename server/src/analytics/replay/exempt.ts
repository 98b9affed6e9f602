import type { Exemption } from '../../policy/decision.ts'
import { VIEWS } from '../trail/collect.ts'
import { daysIn, type Period, type Rows } from './scan.ts'

/** Calls of callers whom no SCP binds, by the reason: readers of a result with few denials must see it. */
export type ExemptCalls = Map<Exemption, number>

/** The copy of a call in its owner's trail is not asked of SCPs. */
const OWNER = VIEWS.indexOf('owner')

/** Adds the calls of a part; `exempt` has the reason of each principal. Only checks of exempt callers are looked at. */
export function countExempt(
  { run, row }: Rows,
  period: Period,
  exempt: readonly (Exemption | null)[],
  into: ExemptCalls,
): void {
  const [since, until] = daysIn(period)
  const counted = new Set<number>()
  for (let r = 0; r < run.first.length; r++) {
    const reason = exempt[run.principal[r] as number] ?? null
    if (reason === null || run.seen[r] === OWNER) continue
    let calls = into.get(reason) ?? 0
    const end = run.first[r + 1] ?? row.when.length
    for (let i = run.first[r] as number; i < end; i++) {
      const day = (row.when[i] as number) >>> 1
      const call = row.call[i] as number
      if (day < since || day > until || counted.has(call)) continue
      // All checks of a call have one caller.
      if (call !== 0) counted.add(call)
      calls += row.calls[i] as number
    }
    into.set(reason, calls)
  }
}
