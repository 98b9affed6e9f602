import { notFound } from '../kernel/errors.ts'
import { FRAMEWORKS, type Framework, type FrameworkElement } from './frameworks.ts'
import type { Control } from './record.ts'
import { type ControlType, typesOf } from './types.ts'

export interface Covered {
  readonly element: FrameworkElement
  /** Controls with an edge to the element or to one below it, by type. */
  readonly controls: Readonly<Record<ControlType, readonly string[]>>
}

export function frameworkNamed(id: string): Framework {
  const found = FRAMEWORKS.find((framework) => framework.id === id)
  if (found === undefined) throw notFound('framework', id)
  return found
}

/** Every element of a framework with the controls that serve it; an element without any is a gap. */
export function coverageOf(framework: Framework, controls: readonly Control[]): readonly Covered[] {
  const serving = new Map<string, Map<ControlType, Set<string>>>()
  const parents = new Map(framework.elements.map(({ id, parent }) => [id, parent]))
  for (const { record } of controls)
    for (const edge of record.frameworks.filter((one) => one.framework === framework.id))
      for (let at: string | null = edge.element; at !== null; at = parents.get(at) ?? null)
        for (const type of typesOf(record)) add(serving, at, type, record.id)
  return framework.elements.map((element) => ({
    element,
    controls: byType((type) => [...(serving.get(element.id)?.get(type) ?? [])].sort()),
  }))
}

const byType = <T>(value: (type: ControlType) => T): Readonly<Record<ControlType, T>> => ({
  preventive: value('preventive'),
  proactive: value('proactive'),
  detective: value('detective'),
  responsive: value('responsive'),
})

function add(
  serving: Map<string, Map<ControlType, Set<string>>>,
  element: string,
  type: ControlType,
  control: string,
): void {
  const types = serving.get(element) ?? new Map<ControlType, Set<string>>()
  const found = types.get(type) ?? new Set<string>()
  serving.set(element, types.set(type, found.add(control)))
}
