import type { PackSight, PolicySight, SeenPolicy, TowerSight } from '../../domain/controls/world.ts'
import { formsInForce } from '../in-force.ts'
import rules from '../plan/tower-rules.json' with { type: 'json' }
import type { Control } from '../record.ts'
import type { ControlType } from '../types.ts'
import type { ImportedControl, ImportedLibrary } from './imported.ts'

/** What was read of one AWS organisation; null where it does not use the service. */
export interface InPlace {
  readonly policies: PolicySight
  readonly tower: TowerSight | null
  readonly packs: PackSight | null
}

/** The managed rule of AWS Config behind an elective control of Control Tower. */
const RULE_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(rules.aliases).map(([identifier, alias]) => [alias, identifier]),
)

/**
 * What `ListEnabledControls`, the policies of Organizations and the organisation conformance packs say is there today,
 * whoever put it there. `readAt` is its version: an estate has no other.
 */
export function inPlaceLibrary(
  seen: InPlace,
  library: readonly Control[],
  name: string,
  readAt: string,
): ImportedLibrary {
  return {
    kind: 'in-place',
    name,
    version: readAt,
    source:
      'controltower:ListEnabledControls, organizations:ListPolicies, config:DescribeOrganizationConformancePacks',
    controls: [
      ...towerControls(seen.tower),
      ...seen.policies.policies.filter(({ awsManaged }) => !awsManaged).map((one) => policyOf(one, library)),
      ...(seen.packs?.packs ?? []).map(packOf),
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    notes: [
      ...(seen.tower === null
        ? [
            'ランディングゾーンがないので、Control Tower の統制はありません。 / There is no landing zone, so Control Tower has no control enabled.',
          ]
        : []),
      ...(seen.packs === null
        ? ['組織の適合パックは読み取っていません。 / Organisation conformance packs were not read.']
        : seen.packs.packs.length > 0
          ? [
              'AWS は組織の適合パックの中身を返しません。テンプレートも取り込んでください。 / AWS does not give the rules of an organisation conformance pack back; import its template as well.',
            ]
          : []),
      ...(seen.tower?.enabled ?? [])
        .filter(({ status, drift }) => status !== 'SUCCEEDED' || drift === 'DRIFTED')
        .map(
          ({ control, target, status, drift }) =>
            `\`${aliasOf(control, seen.tower)}\` on \`${target}\`: ${status}, ${drift}`,
        ),
    ],
  }
}

const aliasOf = (arn: string, tower: TowerSight | null): string =>
  Object.entries(tower?.offered ?? {}).find(([, one]) => one === arn)?.[0] ?? arn

/** One for each control, with the OUs where it is on and has not failed. */
function towerControls(tower: TowerSight | null): readonly ImportedControl[] {
  const byControl = new Map<string, TowerSight['enabled'][number][]>()
  for (const one of tower?.enabled ?? [])
    byControl.set(one.control, [...(byControl.get(one.control) ?? []), one])
  return [...byControl].map(([arn, enabled]) => {
    const id = aliasOf(arn, tower)
    return {
      id,
      title: '',
      remedy: null,
      type: typeOfAlias(id),
      severity: null,
      resourceTypes: [],
      runs: runsOf(id),
      parameters: {},
      on: enabled
        .filter(({ status }) => status !== 'FAILED')
        .map(({ target }) => target)
        .sort(),
    }
  })
}

function runsOf(alias: string): string[] {
  if (alias.startsWith('SH.')) return [`security-hub:${alias.slice('SH.'.length)}`]
  const rule = RULE_OF.get(alias)
  return rule === undefined ? [`control-tower:${alias}`] : [`config-managed-rule:${rule}`]
}

/** As Control Tower names its controls; of the first ones (`AWS-GR_…`) only those are known that run a rule. */
function typeOfAlias(alias: string): ControlType | null {
  if (alias.startsWith('SH.') || RULE_OF.has(alias)) return 'detective'
  const [, letters] = /^CT\.[A-Z0-9-]+\.(PR|PV|DT)\.\d+$/.exec(alias) ?? []
  if (letters === 'PR') return 'proactive'
  if (letters === 'PV') return 'preventive'
  return letters === 'DT' ? 'detective' : null
}

function policyOf(policy: SeenPolicy, library: readonly Control[]): ImportedControl {
  return {
    id: `${policy.kind}:${policy.name}`,
    title: policy.description,
    remedy: null,
    type: 'preventive',
    severity: null,
    resourceTypes: [],
    runs: [`policy:${policy.kind}:${policy.document}`],
    parameters: {},
    on: [...policy.targets].sort(),
    does: [...deniedBy(policy, library)],
  }
}

const FULL = (principal: boolean) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...(principal ? { Principal: '*' } : {}), Action: '*', Resource: '*' }],
})

/** Our controls whose denied cases the policy denies, all of them, where nothing else is in force. */
function deniedBy({ kind, name, document }: SeenPolicy, library: readonly Control[]): readonly string[] {
  if (kind !== 'scp' && kind !== 'rcp') return []
  const policies = [
    { name: 'full', document: FULL(kind === 'rcp') },
    { name, document },
  ]
  const level = [{ target: 'here', policies }]
  const inForce = kind === 'scp' ? { scps: level, rcps: [] } : { scps: [], rcps: level }
  return library.flatMap((control) => {
    const form = formsInForce(control, inForce).find((one) => one.kind === kind)
    return form !== undefined && form.denied === form.tried ? [control.record.id] : []
  })
}

const packOf = ({ name, parameters }: PackSight['packs'][number]): ImportedControl => ({
  id: `conformance-pack:${name}`,
  title: '',
  remedy: null,
  type: 'detective',
  severity: null,
  resourceTypes: [],
  runs: [`conformance-pack:${name}`],
  parameters: { ...parameters },
  on: ['organization'],
})
