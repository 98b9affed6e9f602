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
    runs: [
      `security-hub:${control.id}`,
      ...(rule === undefined ? [] : [`config-managed-rule:${rule.replaceAll('-', '_').toUpperCase()}`]),
    ],
    parameters: {},
  }
}

function remediationOf({ links }: ReadControl): string | null {
  return links?.find(({ rel }) => rel === 'remediation')?.href ?? null
}
