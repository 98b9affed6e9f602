import { z } from 'zod'
import { invalid } from '../../kernel/errors.ts'
import { elementOf } from '../frameworks.ts'
import { treeOf } from '../oscal/catalog-tree.ts'
import type { ReadCatalog, ReadControl } from '../oscal/read.ts'
import { SEVERITIES } from '../record.ts'
import type { ImportedControl, ImportedLibrary } from './imported.ts'

/**
 * The controls of Security Hub in AWS's OSCAL catalog (awslabs/oscal-content-for-aws-services): severity, the rule of
 * AWS Config that each runs, and where AWS says how to mend it.
 */
export function securityHubLibrary(catalog: ReadCatalog, source: string): ImportedLibrary {
  return {
    kind: 'security-hub',
    name: catalog.metadata.title,
    version: catalog.metadata.version,
    source,
    controls: treeOf(catalog).controls.map(({ control }) => controlOf(control)),
    notes: [],
  }
}

function controlOf(control: ReadControl): ImportedControl {
  const severity = control.props?.find(({ name }) => name === 'SeverityLabel')?.value.toLowerCase()
  const rule = control.parts?.find(({ name }) => name === 'assessment-method')?.title
  return {
    id: control.id,
    title: control.parts?.find(({ name }) => name === 'statement')?.prose ?? control.title,
    remedy: remediationOf(control),
    type: 'detective',
    severity: SEVERITIES.find((one) => one === severity) ?? null,
    resourceTypes: [],
    runs: runsOf(control.id, rule),
    parameters: {},
  }
}

/** `rule` as AWS Config names it: `s3-bucket-logging-enabled`. */
const runsOf = (id: string, rule: string | undefined): string[] => [
  `security-hub:${id}`,
  ...(rule === undefined ? [] : [`config-managed-rule:${rule.replaceAll('-', '_').toUpperCase()}`]),
]

function remediationOf({ links }: ReadControl): string | null {
  return links?.find(({ rel }) => rel === 'remediation')?.href ?? null
}

/** What `aws securityhub list-security-control-definitions` prints. */
const definitions = z.looseObject({
  SecurityControlDefinitions: z.array(
    z.looseObject({
      SecurityControlId: z.string().min(1),
      Title: z.string(),
      RemediationUrl: z.string().optional(),
      SeverityRating: z.string().optional(),
    }),
  ),
})

/** Whether a text is an answer of the API rather than AWS's OSCAL file. */
export const isDefinitions = (text: string): boolean => text.includes('"SecurityControlDefinitions"')

/** The controls as the API of Security Hub lists them; which rule of AWS Config each runs is known from AWS's OSCAL file. */
export function securityHubDefinitions(text: string, version: string, source: string): ImportedLibrary {
  const found = definitions.safeParse(jsonOf(text, source))
  if (!found.success)
    throw invalid(
      'bad_definitions',
      `\`${source}\` is not what \`list-security-control-definitions\` prints: ${found.error.issues[0]?.message}`,
    )
  return {
    kind: 'security-hub',
    name: 'AWS Security Hub controls',
    version,
    source,
    controls: found.data.SecurityControlDefinitions.map(definedControl),
    notes: [],
  }
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('bad_json', `\`${source}\` is no JSON: ${error instanceof Error ? error.message : error}`)
  }
}

function definedControl(
  one: z.infer<typeof definitions>['SecurityControlDefinitions'][number],
): ImportedControl {
  const severity = one.SeverityRating?.toLowerCase()
  const rule = elementOf('aws-security-hub', one.SecurityControlId)?.configRule
  return {
    id: one.SecurityControlId,
    title: one.Title,
    remedy: one.RemediationUrl ?? null,
    type: 'detective',
    severity: SEVERITIES.find((known) => known === severity) ?? null,
    resourceTypes: [],
    runs: runsOf(one.SecurityControlId, rule),
    parameters: {},
  }
}
