import { groupBy } from '../../kernel/group.ts'
import type { Bilingual, Language } from '../../kernel/text.ts'
import type { Control, FrameworkEdge } from '../record.ts'
import { CONTROL_TYPES, type ControlType, typesOf } from '../types.ts'
import { hrefOf, toOscalId } from './framework-ids.ts'
import type { ComponentDefinition, ImplementedRequirement } from './model.ts'
import { documentUuid, metadataOf, own, type Stamp, uuidOf } from './stamp.ts'

interface Kind {
  /** A component type of OSCAL. */
  readonly type: 'policy' | 'validation' | 'service'
  readonly title: Bilingual
  readonly description: Bilingual
}

const COMPONENTS: Readonly<Record<ControlType, Kind>> = {
  preventive: {
    type: 'policy',
    title: { ja: '予防的統制', en: 'Preventive controls' },
    description: {
      ja: 'AWS Organizations のポリシー(SCP、RCP、宣言型など)。違反する操作を AWS が拒否する。',
      en: 'Policies of AWS Organizations (SCPs, RCPs, declarative policies): AWS refuses what breaks them.',
    },
  },
  proactive: {
    type: 'validation',
    title: { ja: '事前の統制', en: 'Proactive controls' },
    description: {
      ja: 'CloudFormation Guard のルール。配備の前にテンプレートと計画を点検する。',
      en: 'Rules of CloudFormation Guard: templates and plans are checked before deployment.',
    },
  },
  detective: {
    type: 'service',
    title: { ja: '発見的統制', en: 'Detective controls' },
    description: {
      ja: 'AWS Config のルールと Security Hub のコントロール。既にあるリソースを評価する。',
      en: 'Rules of AWS Config and controls of Security Hub: resources that exist are evaluated.',
    },
  },
  responsive: {
    type: 'service',
    title: { ja: '是正の統制', en: 'Responsive controls' },
    description: {
      ja: 'SSM Automation の文書。見つかった違反を直す。',
      en: 'Documents of SSM Automation: what was found is repaired.',
    },
  },
}

/**
 * The library as an OSCAL component definition: one component for each type of control, which implements the elements
 * of the frameworks that its controls have an edge to. Each edge keeps its relation and provenance as properties.
 */
export function componentsDocument(controls: readonly Control[], stamp: Stamp): ComponentDefinition {
  return {
    'component-definition': {
      uuid: documentUuid('component-definition', 'rankan', stamp),
      metadata: metadataOf({ ja: 'Rankan 統制の実装', en: 'Implementations of Rankan controls' }, stamp),
      components: CONTROL_TYPES.flatMap((type) => {
        const implementations = implementationsOf(type, controls, stamp.language)
        if (implementations.length === 0) return []
        const { title, description, ...kind } = COMPONENTS[type]
        return [
          {
            uuid: uuidOf('component', type),
            ...kind,
            title: title[stamp.language],
            description: description[stamp.language],
            'control-implementations': implementations,
          },
        ]
      }),
    },
  }
}

function implementationsOf(type: ControlType, controls: readonly Control[], language: Language) {
  const edges = controls
    .filter(({ record }) => typesOf(record).includes(type))
    .flatMap((control) => control.record.frameworks.map((edge) => ({ control, edge })))
  const byFramework = groupBy(edges, ({ edge }) => edge.framework)
  return [...byFramework].map(([framework, members]) => ({
    uuid: uuidOf('implementation', type, framework),
    source: hrefOf(framework),
    description: COMPONENTS[type].title[language],
    'implemented-requirements': members.map(({ control, edge }) =>
      requirementOf(type, control, edge, language),
    ),
  }))
}

const requirementOf = (
  type: ControlType,
  { record }: Control,
  edge: FrameworkEdge,
  language: Language,
): ImplementedRequirement => ({
  uuid: uuidOf('requirement', type, record.id, ...Object.values(edge)),
  'control-id': toOscalId(edge.framework, edge.element),
  description: record.objective[language],
  props: [own('control', record.id), ...edgeProperties(edge)],
  links: [{ href: `#${record.id}`, rel: 'related', text: record.title[language] }],
})

/** Who says so, and since when: what OSCAL has no member for. */
export const edgeProperties = (edge: FrameworkEdge) => [
  own('relation', edge.relation),
  own('source', edge.source),
  own('reviewed-by', edge.reviewedBy),
  own('reviewed-on', edge.reviewedOn),
]
