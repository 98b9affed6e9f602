import type { CoverageMap, Requirement } from './coverage-map.ts'
import type { FrameworkElement } from './frameworks.ts'
import { placesOf, type Switched, switchedOn } from './live-coverage.ts'
import type { Control } from './record.ts'
import { CONTROL_TYPES, type ControlType } from './types.ts'
import type { ControlPlaces } from './view.ts'

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

/** `on` are those of the controls that are on somewhere, `places` where. */
const LIVE_COLUMNS = ['on', 'places'] as const

export const coverageColumns = (live: boolean): readonly string[] =>
  live ? [...COVERAGE_COLUMNS, ...LIVE_COLUMNS] : COVERAGE_COLUMNS

/**
 * One row for each requirement × type × service with the controls that serve it, and one for each gap; gaps come first.
 * Written so that a spreadsheet can turn it (pivot) by any of them. With `places`, what is on and where is added.
 */
export function coverageTable(
  map: CoverageMap,
  controls: readonly Control[],
  places: ControlPlaces['controls'] | null = null,
): readonly (readonly string[])[] {
  const switched = places === null ? null : switchedOn(places)
  const services = new Map(controls.map(({ record }) => [record.id, record.services]))
  const rows = map.sections.flatMap(({ element: section, groups }) =>
    groups.flatMap(({ element: group, requirements }) =>
      requirements.flatMap((one) => rowsOf(section, group, one, services, switched)),
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
  switched: Switched | null,
): readonly (readonly string[])[] {
  const head = [section.id, group.id, element.id, element.title?.ja ?? '', element.title?.en ?? '']
  if (gap) return [[...head, 'yes', '', '', '', ...(switched === null ? [] : ['', ''])]]
  return CONTROL_TYPES.flatMap((type: ControlType) =>
    [...byService(controls[type], services)].map(([service, ids]) => [
      ...head,
      'no',
      type,
      service,
      ids.join(' '),
      ...(switched === null ? [] : liveCells(ids, type, switched)),
    ]),
  )
}

function liveCells(ids: readonly string[], type: ControlType, switched: Switched): readonly string[] {
  const on = ids.filter((id) => placesOf(switched, id, type).length > 0)
  const places = on.flatMap((id) =>
    placesOf(switched, id, type).map((one) => `${one.awsOrganizationName}: ${one.place}`),
  )
  return [on.join(' '), [...new Set(places)].join('; ')]
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
