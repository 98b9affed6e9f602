import { invalid } from '../../kernel/errors.ts'
import type { Framework, FrameworkElement } from '../frameworks.ts'
import { treeOf } from './catalog-tree.ts'
import { fromOscalId } from './framework-ids.ts'
import type { ReadCatalog, ReadControl } from './read.ts'

/**
 * A catalog as a framework that controls can be mapped to: its groups and controls with their titles, what was
 * withdrawn marked so. `invalid` when an identifier comes twice.
 */
export function frameworkOf(catalog: ReadCatalog, id: string, source: string): Framework {
  const { groups, controls } = treeOf(catalog)
  const elements: readonly FrameworkElement[] = [
    ...groups.map((group) => elementOf(id, group.id, group.title, group.parent)),
    ...controls.map(({ control, parent }) => ({
      ...elementOf(id, control.id, control.title, parent),
      ...(isWithdrawn(control) ? { withdrawn: true } : {}),
    })),
  ]
  refuseTwins(elements)
  const { title } = catalog.metadata
  return { id, title: { ja: title, en: title }, source, asOf: dayOf(catalog), elements }
}

const elementOf = (
  framework: string,
  id: string,
  title: string,
  parent: string | null,
): FrameworkElement => ({
  id: fromOscalId(framework, id),
  parent: parent === null ? null : fromOscalId(framework, parent),
  title: { ja: title, en: title },
})

/** As NIST marks it: property `status` with the value `withdrawn` (or `Withdrawn`). */
const isWithdrawn = ({ props }: ReadControl): boolean =>
  (props ?? []).some(({ name, value }) => name === 'status' && value.toLowerCase() === 'withdrawn')

function refuseTwins(elements: readonly FrameworkElement[]): void {
  const seen = new Set<string>()
  for (const { id } of elements) {
    if (seen.has(id)) throw invalid('twice', `The catalog has the identifier \`${id}\` twice.`)
    seen.add(id)
  }
}

const dayOf = (catalog: ReadCatalog): string => catalog.metadata['last-modified'].slice(0, 10)
