import type { Bilingual } from '../kernel/text.ts'
import securityHub from './frameworks/aws-security-hub.json' with { type: 'json' }
import cis from './frameworks/cis-aws-foundations.json' with { type: 'json' }
import csf from './frameworks/nist-csf-2.0.json' with { type: 'json' }
import sp80053 from './frameworks/nist-sp-800-53-r5.json' with { type: 'json' }

/** A framework that controls are mapped to: its identifiers, with titles in our own words where we have them. */
export interface Framework {
  /** `nist-csf-2.0` */
  readonly id: string
  readonly title: Bilingual
  readonly source: string
  /** `YYYY-MM-DD` */
  readonly asOf: string
  readonly elements: readonly FrameworkElement[]
}

export interface FrameworkElement {
  /** As the framework writes it: `PR.DS-01`, `AC-2(1)`, `IAM.2`. */
  readonly id: string
  readonly parent: string | null
  readonly title?: Bilingual
  readonly withdrawn?: boolean
  /** Of a control of Security Hub: the AWS Config rule that it runs. */
  readonly configRule?: string
}

export const FRAMEWORKS: readonly Framework[] = [csf, sp80053, securityHub, cis]

const INDEX = new Map(
  FRAMEWORKS.map(({ id, elements }) => [id, new Map(elements.map((element) => [element.id, element]))]),
)

export const isFramework = (id: string): boolean => INDEX.has(id)

/** Null for an element that the framework does not have. */
export const elementOf = (framework: string, id: string): FrameworkElement | null =>
  INDEX.get(framework)?.get(id) ?? null
