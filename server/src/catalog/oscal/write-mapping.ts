import { groupBy } from '../../kernel/group.ts'
import type { Control, FrameworkEdge } from '../record.ts'
import { hrefOf, toOscalId } from './framework-ids.ts'
import type { MappingCollection } from './model.ts'
import { documentUuid, metadataOf, type Stamp, uuidOf } from './stamp.ts'
import { edgeProperties } from './write-components.ts'

/** As OSCAL names the relations of NIST IR 8477. */
export const RELATIONSHIPS: Readonly<Record<FrameworkEdge['relation'], string>> = {
  equal: 'equal-to',
  subset: 'subset-of',
  superset: 'superset-of',
  intersects: 'intersects-with',
}

const OSCAL_RELATIONS = 'http://csrc.nist.gov/ns/oscal'

/** The framework edges as OSCAL's control mapping, one mapping for each framework. Needs at least one control. */
export function mappingDocument(
  controls: readonly Control[],
  catalogHref: string,
  stamp: Stamp,
): MappingCollection {
  const edges = controls.flatMap(({ record }) =>
    record.frameworks.map((edge) => ({ control: record.id, edge })),
  )
  return {
    'mapping-collection': {
      uuid: documentUuid('mapping-collection', 'rankan', stamp),
      metadata: metadataOf(
        { ja: 'Rankan 統制と枠組みの対応', en: 'Rankan controls mapped to frameworks' },
        stamp,
      ),
      provenance: {
        method: 'human',
        'matching-rationale': 'functional',
        status: 'draft',
        'mapping-description': {
          ja: '各対応の出典、確認者、確認日はプロパティにある。',
          en: 'Source, reviewer and day of review of each entry are its properties.',
        }[stamp.language],
      },
      mappings: [...groupBy(edges, ({ edge }) => edge.framework)].map(([framework, members]) => ({
        uuid: uuidOf('mapping', framework),
        'source-resource': { type: 'catalog', href: catalogHref },
        'target-resource': { type: 'catalog', href: hrefOf(framework) },
        maps: members.map(({ control, edge }) => mapOf(control, edge)),
      })),
    },
  }
}

const mapOf = (control: string, edge: FrameworkEdge) => ({
  uuid: uuidOf('map', control, ...Object.values(edge)),
  ns: OSCAL_RELATIONS,
  relationship: RELATIONSHIPS[edge.relation],
  sources: [{ type: 'control', 'id-ref': control }] as const,
  targets: [{ type: 'control', 'id-ref': toOscalId(edge.framework, edge.element) }] as const,
  props: edgeProperties(edge),
})
