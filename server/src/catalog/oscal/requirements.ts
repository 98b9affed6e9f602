import { type FrameworkEdge, frameworkEdge } from '../record.ts'
import { frameworkAt, fromOscalId } from './framework-ids.ts'
import type { ReadComponents, ReadProperty } from './read.ts'
import { NAMESPACE } from './stamp.ts'

/** A component's word that it implements an element of a framework. */
export interface Implemented {
  readonly component: string
  readonly componentType: string
  /** As the document names it. */
  readonly source: string
  /** Null where `source` is no framework that Rankan knows. */
  readonly framework: string | null
  readonly element: string
  readonly description: string
  /** Of what Rankan wrote: the control, and its edge with provenance. */
  readonly control: string | null
  readonly edge: FrameworkEdge | null
}

/** Everything that the components of a definition say they implement, in the order of the document. */
export const implementedBy = (definition: ReadComponents): readonly Implemented[] =>
  (definition.components ?? []).flatMap((component) =>
    (component['control-implementations'] ?? []).flatMap(({ source, ...implementation }) =>
      implementation['implemented-requirements'].map(({ 'control-id': id, description, props }) => {
        const framework = frameworkAt(source)
        const element = framework === null ? id : fromOscalId(framework, id)
        const own = ownProperties(props ?? [])
        return {
          component: component.title,
          componentType: component.type,
          source,
          framework,
          element,
          description,
          control: own.control ?? null,
          edge: edgeOf(framework, element, own),
        }
      }),
    ),
  )

const ownProperties = (props: readonly ReadProperty[]): Readonly<Record<string, string>> =>
  Object.fromEntries(props.filter(({ ns }) => ns === NAMESPACE).map(({ name, value }) => [name, value]))

function edgeOf(
  framework: string | null,
  element: string,
  own: Readonly<Record<string, string>>,
): FrameworkEdge | null {
  const edge = frameworkEdge.safeParse({
    framework,
    element,
    relation: own.relation,
    source: own.source,
    reviewedBy: own['reviewed-by'],
    reviewedOn: own['reviewed-on'],
  })
  return edge.success ? edge.data : null
}
