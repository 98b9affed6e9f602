import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Report, Section } from '../../analytics/replay/report.ts'
import { KEPT_LINES } from '../../domain/policies/replays.ts'
import { replayReport } from '../../domain/policies/report.ts'
import { keptReport, longTables } from './tables.ts'

const AT = '2026-10-01T00:00:00Z'
const lines = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => ({
    value: `${name}-${n}`,
    calls: count - n,
    already: 0,
    first: AT,
    last: AT,
  }))
const section = (resources: number): Section => ({
  calls: 1,
  already: 0,
  first: AT,
  last: AT,
  byDay: lines(3, 'day'),
  byAccount: lines(2, 'account'),
  byPrincipal: lines(KEPT_LINES, 'principal'),
  byAction: lines(2, 'action'),
  byResource: lines(resources, 'resource'),
  byStatement: [],
  groups: [],
  sizes: { resource: resources },
})
const report = (denied: number, against: number | null): Report => {
  const { byStatement: _, ...unknown } = section(1)
  return {
    period: { since: null, until: null },
    events: 1,
    skipped: {},
    exempt: {},
    calls: 1,
    allowed: 0,
    denied: section(denied),
    unknown: { ...unknown, missing: [] },
    against: against === null ? null : { newlyDenied: section(against), newlyAllowed: section(1) },
    assumed: [],
    unplacedAccounts: [],
    delegatedAdministrators: [],
  }
}

it('every_line_is_exported: what the result does not keep stands in the file, with the count told', () => {
  const [denied, newly, ...rest] = longTables(report(KEPT_LINES + 5, KEPT_LINES + 1))
  expect(rest).toEqual([])
  expect(denied).toMatchObject({ section: 'denied', table: 'byResource', lines: KEPT_LINES + 5 })
  expect(newly).toMatchObject({ section: 'newlyDenied', table: 'byResource', lines: KEPT_LINES + 1 })
  const csv = gunzipSync(Buffer.from(denied?.csvGz ?? '', 'base64')).toString('utf8')
  const rows = csv.trim().split('\r\n')
  expect(rows).toHaveLength(KEPT_LINES + 6)
  expect(rows.at(-1)).toBe(`resource-${KEPT_LINES + 4},1,0,${AT},${AT}`)
})

it('keeps the first lines, the days and the counts, as the database takes them', () => {
  const kept = replayReport.parse(keptReport(report(KEPT_LINES + 5, null)))
  expect(kept.denied.byResource).toHaveLength(KEPT_LINES)
  expect(kept.denied.byResource[0]?.value).toBe('resource-0')
  expect(kept.denied.sizes).toEqual({ resource: KEPT_LINES + 5 })
  expect(kept.denied.byDay).toHaveLength(3)
  expect(longTables(report(KEPT_LINES, null))).toEqual([])
})
