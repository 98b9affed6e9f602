import type { ReplayProgress, ReplayView } from '@rankan/server/domain/policies/replays.ts'
import type { ReportLine } from '@rankan/server/domain/policies/report.ts'
import { addDays } from '@rankan/server/kernel/days.ts'
import type { Bilingual } from '@rankan/server/kernel/text.ts'
import type { Tone } from '../../../components/StatusBadge.tsx'
import type { Tenant } from '../api.ts'

export const REPLAY_TONES: Readonly<Record<ReplayView['state'], Tone>> = {
  queued: 'waiting',
  running: 'active',
  done: 'good',
  failed: 'bad',
  cancelled: 'neutral',
}

export const isOver = ({ state }: Pick<ReplayView, 'state'>): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled'

/** A day's bar: calls that would be denied anew, and those that AWS had denied already. */
export interface DayBar {
  readonly day: string
  readonly calls: number
  readonly already: number
}

/** Longer than CloudTrail Lake keeps by default; a chart of more bars shows nothing. */
const MOST_DAYS = 400

/** Every day from the first to the last, also those without calls: a gap must look like one. */
export function dayBars(lines: readonly ReportLine[]): readonly DayBar[] {
  const days = new Map(lines.map((line) => [line.value.slice(0, 10), line]))
  const sorted = [...days.keys()].sort()
  const [first] = sorted
  const last = sorted.at(-1)
  if (first === undefined || last === undefined) return []
  const bars: DayBar[] = []
  for (let day = first; day <= last && bars.length < MOST_DAYS; day = addDays(day, 1)) {
    const line = days.get(day)
    bars.push({ day, calls: line?.calls ?? 0, already: line?.already ?? 0 })
  }
  return bars
}

/** A round number at or above the highest bar, for the axis: 1, 2, 5, 10, 20 … */
export function axisTop(highest: number): number {
  for (let step = 1; ; step *= 10)
    for (const factor of [1, 2, 5]) if (factor * step >= highest) return factor * step
}

/** Share of the work done, 0 to 100; `null` while nothing is counted yet. Reading files and asking facts are a half each. */
export function percentOf({
  phase,
  filesTotal,
  filesRead,
  factsTotal,
  factsAsked,
}: ReplayProgress): number | null {
  if (phase === 'done') return 100
  if (phase === 'waiting') return 0
  const share = (done: number, all: number | null) => (all === null ? null : all === 0 ? 1 : done / all)
  const read = share(filesRead, filesTotal)
  if (phase === 'reading') return read === null ? null : Math.round(Math.min(1, read) * 50)
  if (phase === 'checking') return 50
  const asked = share(factsAsked, factsTotal)
  return asked === null ? null : 50 + Math.round(Math.min(1, asked) * 50)
}

export interface OrganisationLine extends ReportLine {
  /** `null`: accounts that the register does not know. */
  readonly organisation: Bilingual | null
  readonly accounts: number
}

/** Accounts of the report joined to the organisations that use them, largest first. */
export function byOrganisation(
  lines: readonly ReportLine[],
  tenants: ReadonlyMap<string, Pick<Tenant, 'organisation'>>,
): readonly OrganisationLine[] {
  const found = new Map<string, OrganisationLine>()
  for (const line of lines) {
    const organisation = tenants.get(line.value)?.organisation ?? null
    const key = organisation?.ja ?? ''
    found.set(key, joined(found.get(key), line, organisation))
  }
  return [...found.values()].sort((a, b) => b.calls - a.calls)
}

function joined(
  before: OrganisationLine | undefined,
  line: ReportLine,
  organisation: Bilingual | null,
): OrganisationLine {
  if (before === undefined) return { ...line, value: organisation?.ja ?? '', organisation, accounts: 1 }
  return {
    ...before,
    calls: before.calls + line.calls,
    already: before.already + line.already,
    first: line.first < before.first ? line.first : before.first,
    last: line.last > before.last ? line.last : before.last,
    accounts: before.accounts + 1,
  }
}

/** Ids of places between backticks get their names: `適用先 \`r-1fls\`` → `適用先 \`Root(r-1fls)\``. */
export const withPlaceNames = (sentence: string, nameOf: (id: string) => string): string =>
  sentence.replaceAll(/`([^`]+)`/g, (_, id: string) => `\`${nameOf(id)}\``)

/** `arn:aws:iam::111122223333:role/app/Worker` → `role/app/Worker (111122223333)`; what is no ARN stays. */
export function shortArn(arn: string): string {
  const [, , , , account, ...rest] = arn.split(':')
  if (!arn.startsWith('arn:') || rest.length === 0) return arn
  return account === '' ? rest.join(':') : `${rest.join(':')} (${account})`
}
