import { type GuardDocument, readDocument } from '../guard/document/document.ts'
import { GuardSyntaxError } from '../guard/document/problem.ts'
import { type GuardMap, type GuardValue, isMap, memberOf } from '../guard/document/value.ts'
import { RankanError } from '../kernel/errors.ts'

/** A template or a plan as Guard rules see it: `{Resources: {<name>: {Type, Properties, …}}}`. */
export interface TemplateDocument extends GuardDocument {
  /** Whether the value at this path must not be shown. */
  sensitive(path: readonly string[]): boolean
}

export type TemplateKind = 'cloudformation' | 'terraform-plan' | 'cdk-assembly'

/** A limit on what loops and choices of a template may grow into; ours, far above CloudFormation's 500 resources. */
export const TEMPLATE_LIMITS = { values: 2_000_000, options: 16, depth: 120 } as const

export const notTemplate = (message: string): RankanError =>
  new RankanError('invalid', 'not_a_template', message)

/** What a parsed text is, or null when it is nothing that can be checked. */
export function kindOfTemplate(value: GuardValue): TemplateKind | null {
  if (!isMap(value)) return null
  if (isPlan(value)) return 'terraform-plan'
  if (memberOf(value, 'artifacts') !== undefined && typeof memberOf(value, 'version') === 'string')
    return 'cdk-assembly'
  return looksLikeTemplate(value) ? 'cloudformation' : null
}

const isPlan = (value: GuardMap): boolean =>
  typeof memberOf(value, 'format_version') === 'string' &&
  (Array.isArray(memberOf(value, 'resource_changes')) ||
    memberOf(value, 'planned_values') !== undefined ||
    memberOf(value, 'terraform_version') !== undefined)

function looksLikeTemplate(value: GuardMap): boolean {
  if (memberOf(value, 'AWSTemplateFormatVersion') !== undefined) return true
  const resources = memberOf(value, 'Resources')
  if (resources === undefined || !isMap(resources)) return false
  return Object.entries(resources).some(
    ([name, one]) => name.startsWith('Fn::') || (isMap(one) && typeof memberOf(one, 'Type') === 'string'),
  )
}

/** The first document of a text. @throws {GuardSyntaxError} with line and column */
export const readTemplateText = (text: string): GuardDocument => readDocument(text)

export { GuardSyntaxError }
