import type { StepFailure } from '../ports/workflow.ts'
import { StepFailed } from './run.ts'

/** How a step ended, as it is recorded. A failure is a value: a replay must fail in the same way. */
export type Recorded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly step: string; readonly failure: StepFailure }

/** What one record of the durable engine holds: the steps that ended since the record before it. */
export type Page = readonly { readonly step: string; readonly outcome: Recorded }[]

/** The durable engine underneath: keeps the page under the workflow's next number, or gives back the one kept there. */
export type KeepPage = (page: () => Promise<Page>) => Promise<Page>

/**
 * The results of one execution's steps. They are written in pages, because each record of the durable engine costs
 * seven statements: a page is turned before every wait and when it is old. Steps on a page that a crash kept from
 * being written run again; every effect may.
 */
export interface Journal {
  /** The outcome that an earlier execution recorded; null from the first step on that none did. */
  replay(step: string): Recorded | null
  add(step: string, outcome: Recorded): void
  /** Writes what was added since. With a step's name, that step begins a page of its own, so that a retry runs only from it. */
  turn(before?: string): Promise<void>
  /** As `turn`, if the page is old enough, or will be after so many milliseconds. */
  turnIfOld(aheadMs?: number): Promise<void>
  /** How many pages hold everything that has ended up to now; a retry names the page from which it runs again. */
  pages(): number
}

export async function openJournal(
  written: number,
  keep: KeepPage,
  pageMs: number,
  nowMs: () => number,
): Promise<Journal> {
  const known: Page[number][] = []
  for (let i = 0; i < written; i++) known.push(...(await keep(() => Promise.reject(lostPage(i)))))
  let position = 0
  let turned = written
  let page: Page[number][] = []
  let sinceMs = 0
  const write = async (full: Page) => {
    if (full.length === 0) return
    await keep(async () => full)
    turned++
  }
  const turn = async (before?: string) => {
    const full = page
    page = []
    const cut = Math.max(
      0,
      full.findLastIndex((one) => one.step === before),
    )
    await write(full.slice(0, cut))
    await write(full.slice(cut))
  }
  return {
    replay(step) {
      const next = known[position]
      if (next === undefined) return null
      position++
      if (next.step !== step) throw otherSteps(next.step)
      return next.outcome
    },
    add(step, outcome) {
      if (page.length === 0) sinceMs = nowMs()
      page.push({ step, outcome })
    },
    turn,
    turnIfOld: async (aheadMs = 0) => {
      if (page.length > 0 && nowMs() + aheadMs - sinceMs >= pageMs) await turn()
    },
    pages: () => turned + (page.length > 0 ? 1 : 0),
  }
}

const lostPage = (number: number) => new Error(`Page ${number} of the workflow was listed and is not there.`)

/** A retry runs it again from the step that no longer fits. */
const otherSteps = (recorded: string): StepFailed =>
  new StepFailed(recorded, {
    code: 'workflow_changed',
    message: `The work ran the step \`${recorded}\`, which this version of its workflow does not have there. Retry it: it goes on from there with the steps of this version.`,
    correctable: [],
  })

/** Number of the last page with a step of that name; null if it never ended. */
export function pageWith(pages: readonly (Page | null)[], step: string): number | null {
  const at = pages.findLastIndex((page) => page?.some((one) => one.step === step) ?? false)
  return at < 0 ? null : at
}

/** How many pages from the first on are of use. */
export function usefulPages(pages: readonly (Page | null)[]): number {
  const useless = pages.indexOf(null)
  return useless < 0 ? pages.length : useless
}
