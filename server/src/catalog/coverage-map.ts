import { type Covered, coverageOf } from './coverage.ts'
import type { Framework, FrameworkElement } from './frameworks.ts'
import type { Control, ControlRecord } from './record.ts'
import { CONTROL_TYPES, type ControlType, typesOf } from './types.ts'

export interface CoverageFilter {
  readonly type?: ControlType | undefined
  /** IAM prefix; controls for every service (`*`) stay. */
  readonly service?: string | undefined
}

/** An element that is to be fulfilled, as against a heading. A gap has no control of any type. */
export interface Requirement extends Covered {
  readonly gap: boolean
}

/** Requirements under their nearest heading: a category of NIST CSF, a family of SP 800-53. */
export interface RequirementGroup {
  readonly element: FrameworkElement
  /** Gaps first, then as the framework orders them. */
  readonly requirements: readonly Requirement[]
  readonly gaps: number
}

/** A top-level element of the framework: a function of NIST CSF. */
export interface CoverageSection {
  readonly element: FrameworkElement
  readonly groups: readonly RequirementGroup[]
  readonly requirements: number
  readonly gaps: number
  /** Requirements served by a control of the type. */
  readonly served: Readonly<Record<ControlType, number>>
}

export interface CoverageMap {
  readonly framework: Framework
  readonly sections: readonly CoverageSection[]
  readonly requirements: number
  readonly gaps: number
  /** Elements that the framework has withdrawn; they are no gaps. */
  readonly withdrawn: number
}

/** Which requirements of a framework the controls serve, as a tree of sections and groups, gaps first. */
export function coverageMap(
  framework: Framework,
  controls: readonly Control[],
  filter: CoverageFilter = {},
): CoverageMap {
  const covered = coverageOf(
    framework,
    controls.filter(({ record }) => fits(record, filter)),
  )
  const byType = filter.type === undefined ? covered : covered.map((one) => only(one, filter.type))
  const tree = treeOf(framework)
  const groups = new Map<string, Requirement[]>()
  for (const one of byType) {
    if (one.element.withdrawn || !tree.isRequirement(one.element)) continue
    const heading = tree.headingOf(one.element)
    const gap = CONTROL_TYPES.every((type) => one.controls[type].length === 0)
    groups.set(heading, [...(groups.get(heading) ?? []), { ...one, gap }])
  }
  const sections = framework.elements
    .filter(({ parent }) => parent === null)
    .map((element) => sectionOf(element, framework, groups, tree))
    .filter(({ requirements }) => requirements > 0)
  return {
    framework,
    sections,
    requirements: sum(sections, ({ requirements }) => requirements),
    gaps: sum(sections, ({ gaps }) => gaps),
    withdrawn: framework.elements.filter(({ withdrawn }) => withdrawn).length,
  }
}

/** A control for every service serves each of them. */
const fits = (record: ControlRecord, { type, service }: CoverageFilter): boolean =>
  (type === undefined || typesOf(record).includes(type)) &&
  (service === undefined || record.services.includes(service) || record.services.includes('*'))

const only = (one: Covered, type: ControlType | undefined): Covered => ({
  ...one,
  controls: {
    preventive: type === 'preventive' ? one.controls.preventive : [],
    proactive: type === 'proactive' ? one.controls.proactive : [],
    detective: type === 'detective' ? one.controls.detective : [],
    responsive: type === 'responsive' ? one.controls.responsive : [],
  },
})

interface Tree {
  readonly isRequirement: (element: FrameworkElement) => boolean
  /** The nearest element above that is no requirement; itself when there is none. */
  readonly headingOf: (element: FrameworkElement) => string
  /** The top-level element above. */
  readonly topOf: (id: string) => string
}

/** `AC-2(1)` stands below `AC-2`, and both are to be fulfilled; `GV.OC` and `EC2` are headings. */
const NUMBERED = /[-.]\d/

function treeOf({ elements }: Framework): Tree {
  const byId = new Map(elements.map((element) => [element.id, element]))
  const parents = new Set(elements.map(({ parent }) => parent))
  const isRequirement = ({ id }: FrameworkElement) => NUMBERED.test(id) || !parents.has(id)
  const above = ({ parent }: FrameworkElement) => (parent === null ? undefined : byId.get(parent))
  return {
    isRequirement,
    headingOf(element) {
      for (let at = above(element); at !== undefined; at = above(at)) if (!isRequirement(at)) return at.id
      return element.id
    },
    topOf(id) {
      let top = id
      for (let at = byId.get(id); at !== undefined; at = above(at)) top = at.id
      return top
    },
  }
}

function sectionOf(
  element: FrameworkElement,
  framework: Framework,
  requirements: ReadonlyMap<string, readonly Requirement[]>,
  tree: Tree,
): CoverageSection {
  const groups = framework.elements
    .filter(({ id }) => requirements.has(id) && tree.topOf(id) === element.id)
    .map((heading) => groupOf(heading, requirements.get(heading.id) ?? []))
  const all = groups.flatMap((group) => group.requirements)
  const served = (type: ControlType) => all.filter(({ controls }) => controls[type].length > 0).length
  return {
    element,
    groups,
    requirements: all.length,
    gaps: sum(groups, ({ gaps }) => gaps),
    served: {
      preventive: served('preventive'),
      proactive: served('proactive'),
      detective: served('detective'),
      responsive: served('responsive'),
    },
  }
}

function groupOf(element: FrameworkElement, requirements: readonly Requirement[]): RequirementGroup {
  const gaps = requirements.filter(({ gap }) => gap)
  return {
    element,
    requirements: [...gaps, ...requirements.filter(({ gap }) => !gap)],
    gaps: gaps.length,
  }
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)
