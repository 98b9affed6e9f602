import { notFound } from '../kernel/errors.ts'
import type { Bilingual } from '../kernel/text.ts'
import { documentOf } from './cases.ts'
import { type CoverageFilter, type CoverageMap, coverageMap } from './coverage-map.ts'
import { awsEdges, disagreements } from './disagreements.ts'
import { elementOf, FRAMEWORKS, type Framework, type FrameworkElement } from './frameworks.ts'
import type { OwnFramework } from './imports/own-framework.ts'
import { type Control, type ControlRecord, type FrameworkEdge, formsOf, isFileForm } from './record.ts'
import { typesOf } from './types.ts'
import type {
  ControlDetail,
  ControlFilter,
  ControlRow,
  EdgeView,
  FrameworkCoverage,
  FrameworkRow,
} from './view.ts'

export function controlNamed(library: readonly Control[], id: string): Control {
  const found = library.find(({ record }) => record.id === id)
  if (found === undefined) throw notFound('control', id)
  return found
}

/** The controls of a filter, in the order of the library. */
export function filterControls(library: readonly Control[], filter: ControlFilter): readonly Control[] {
  const words = folded(filter.text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
  return library.filter(({ record }) => {
    const { type, severity, service } = filter
    if (type !== undefined && !typesOf(record).includes(type)) return false
    if (severity !== undefined && record.severity !== severity) return false
    if (service !== undefined && !record.services.includes(service)) return false
    if (!record.frameworks.some((edge) => leadsTo(edge, filter))) return false
    const text = folded(
      [
        record.id,
        ...[record.title, record.objective].flatMap(({ ja, en }) => [ja, en]),
        ...record.services,
        ...record.resourceTypes,
      ].join('\n'),
    )
    return words.every((word) => text.includes(word))
  })
}

/** As people type it: width and case do not matter. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

function leadsTo({ framework, element }: FrameworkEdge, filter: ControlFilter): boolean {
  if (filter.framework !== undefined && framework !== filter.framework) return false
  if (filter.element === undefined) return true
  for (let at: string | null = element; at !== null; at = elementOf(framework, at)?.parent ?? null)
    if (at === filter.element) return true
  return false
}

export const controlRowOf = ({ record, cases }: Control): ControlRow => ({
  id: record.id,
  version: record.version,
  title: record.title,
  objective: record.objective,
  severity: record.severity,
  services: record.services,
  resourceTypes: record.resourceTypes,
  types: [...typesOf(record)],
  kinds: [...new Set(formsOf(record).map(({ kind }) => kind))],
  elements: record.frameworks.map(({ framework, element }) => ({ framework, element })),
  cases: cases.length,
})

/** `own` are frameworks of the operator's own, whose edges stand beside ours. */
export function controlDetailOf(control: Control, own: readonly OwnFramework[] = []): ControlDetail {
  const { record, documents, cases } = control
  const files = formsOf(record).filter(isFileForm)
  return {
    record,
    edges: edgesOf(record, own),
    documents: { ...documents },
    filled: Object.fromEntries(files.map((form) => [form.file, documentOf(control, form)])),
    cases: [...cases],
  }
}

const NO_TITLE: Bilingual = { ja: '', en: '' }

function edgesOf(record: ControlRecord, own: readonly OwnFramework[]): EdgeView[] {
  const others = own.flatMap(({ edges }) =>
    edges.filter(({ control }) => control === record.id).map(({ edge }) => edge),
  )
  const said = [...awsEdges(record), ...others]
  const disputes = new Map(
    disagreements(record, said).map(({ framework, element, kind }) => [`${framework} ${element}`, kind]),
  )
  return [...record.frameworks, ...said].map((edge) => {
    const mine = own.find(({ framework }) => framework.id === edge.framework)?.framework
    const framework = mine ?? FRAMEWORKS.find(({ id }) => id === edge.framework)
    const element =
      mine?.elements.find(({ id }) => id === edge.element) ?? elementOf(edge.framework, edge.element)
    return {
      ...edge,
      frameworkTitle: framework?.title ?? NO_TITLE,
      title: element?.title ?? null,
      disputed: disputes.get(`${edge.framework} ${edge.element}`) ?? null,
    }
  })
}

export const frameworkRowOf = (map: CoverageMap): FrameworkRow => ({
  id: map.framework.id,
  title: map.framework.title,
  source: map.framework.source,
  asOf: map.framework.asOf,
  requirements: map.requirements,
  gaps: map.gaps,
  withdrawn: map.withdrawn,
})

export function frameworkCoverageOf(
  framework: Framework,
  library: readonly Control[],
  filter: CoverageFilter,
): FrameworkCoverage {
  const map = coverageMap(framework, library, filter)
  const sections = map.sections.map(({ element, groups, ...section }) => ({
    ...headingOf(element),
    ...section,
    groups: groups.map((group) => ({
      ...headingOf(group.element),
      gaps: group.gaps,
      requirements: group.requirements.map(({ element: one, gap, controls }) => ({
        ...headingOf(one),
        gap,
        controls: {
          preventive: [...controls.preventive],
          proactive: [...controls.proactive],
          detective: [...controls.detective],
          responsive: [...controls.responsive],
        },
      })),
    })),
  }))
  const named = new Set(
    sections.flatMap(({ groups }) =>
      groups.flatMap(({ requirements }) =>
        requirements.flatMap(({ controls }) => Object.values(controls).flat()),
      ),
    ),
  )
  return {
    framework: frameworkRowOf(map),
    sections,
    controls: library
      .filter(({ record }) => named.has(record.id))
      .map(({ record: { id, title, severity, services }, record }) => ({
        id,
        title,
        severity,
        services,
        types: [...typesOf(record)],
      })),
  }
}

const headingOf = ({ id, title }: FrameworkElement) => ({ id, title: title ?? null })
