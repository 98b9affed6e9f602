import type { CoverageMap, Requirement } from './coverage-map.ts'
import type { FrameworkElement } from './frameworks.ts'
import type { Control } from './record.ts'
import { CONTROL_TYPES, type ControlType } from './types.ts'

/** The columns of the table of a framework's coverage; `services` are IAM prefixes, `*` stands for all. */
export const COVERAGE_COLUMNS = [
  'section',
  'group',
  'element',
  'title_ja',
  'title_en',
  'gap',
  'type',
  'service',
  'controls',
] as const

/**
 * One row for each requirement × type × service with the controls that serve it, and one for each gap; gaps come first.
 * Written so that a spreadsheet can turn it (pivot) by any of them.
 */
export function coverageTable(
  map: CoverageMap,
  controls: readonly Control[],
): readonly (readonly string[])[] {
  const services = new Map(controls.map(({ record }) => [record.id, record.services]))
  const rows = map.sections.flatMap(({ element: section, groups }) =>
    groups.flatMap(({ element: group, requirements }) =>
      requirements.flatMap((one) => rowsOf(section, group, one, services)),
    ),
  )
  return [...rows.filter(isGap), ...rows.filter((row) => !isGap(row))]
}

const GAP = COVERAGE_COLUMNS.indexOf('gap')
const isGap = (row: readonly string[]): boolean => row[GAP] === 'yes'

function rowsOf(
  section: FrameworkElement,
  group: FrameworkElement,
  { element, controls, gap }: Requirement,
  services: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const head = [section.id, group.id, element.id, element.title?.ja ?? '', element.title?.en ?? '']
  if (gap) return [[...head, 'yes', '', '', '']]
  return CONTROL_TYPES.flatMap((type: ControlType) =>
    [...byService(controls[type], services)].map(([service, ids]) => [
      ...head,
      'no',
      type,
      service,
      ids.join(' '),
    ]),
  )
}

function byService(
  ids: readonly string[],
  services: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>()
  for (const id of ids)
    for (const service of services.get(id) ?? []) found.set(service, [...(found.get(service) ?? []), id])
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}
