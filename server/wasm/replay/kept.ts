import { AGAIN, allot, DONE, STEPS_AT_ONCE, u32At } from './memory'

@unmanaged
class Kept {
  // Set by JavaScript, in this order. Of another version of the policies: 0 where there is none.
  runs: i32
  rows: i32
  firsts: usize
  when: usize
  since: i32
  until: i32
  found: usize
  foundBefore: usize
  verdicts: usize
  verdictsBefore: usize
  // What is kept: checks, their runs, their outcomes.
  keptRows: usize
  keptRuns: usize
  outcomes: usize
  outcomesBefore: usize
  // What it stopped at.
  run: i32
  count: i32
}

export function newKept(): usize {
  return allot(offsetof<Kept>())
}

export function beginKept(kept: Kept): void {
  kept.run = 0
  kept.count = 0
}

/** Keeps the checks in the period that not every version allows (verdict 0). */
export function keepChecks(kept: Kept): i32 {
  let count = kept.count
  let run = kept.run
  const last = min(kept.runs, run + (STEPS_AT_ONCE >> 4))
  for (; run < last; run++) {
    const end = run + 1 < kept.runs ? <i32>u32At(kept.firsts, run + 1) : kept.rows
    for (let row = <i32>u32At(kept.firsts, run); row < end; row++) {
      const day = <i32>(u32At(kept.when, row) >> 1)
      if (day < kept.since || day > kept.until) continue
      const outcome = u32At(kept.found, row)
      let verdict = <u32>load<u8>(kept.verdicts + <usize>outcome)
      if (kept.foundBefore !== 0) {
        const before = u32At(kept.foundBefore, row)
        verdict |= <u32>load<u8>(kept.verdictsBefore + <usize>before)
        if (verdict !== 0) store<u32>(kept.outcomesBefore + ((<usize>count) << 2), before)
      }
      if (verdict === 0) continue
      store<i32>(kept.keptRows + ((<usize>count) << 2), row)
      store<i32>(kept.keptRuns + ((<usize>count) << 2), run)
      store<u32>(kept.outcomes + ((<usize>count) << 2), outcome)
      count++
    }
  }
  kept.run = run
  kept.count = count
  return run < kept.runs ? AGAIN : DONE
}
