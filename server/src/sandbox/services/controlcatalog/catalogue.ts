import { createHash } from 'node:crypto'
import guardrails from '../controltower/guardrails.json' with { type: 'json' }
import data from './controls.json' with { type: 'json' }

export interface CatalogueControl {
  /** `AWS-GR_RESTRICT_ROOT_USER`, `CT.S3.PR.1`, `SH.S3.8` */
  readonly alias: string
  readonly arn: string
  readonly behavior: 'PREVENTIVE' | 'PROACTIVE' | 'DETECTIVE'
  readonly implementation: { readonly Type: string; readonly Identifier?: string }
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

const IDENTIFIER = 25

/** AWS's ids mean nothing; ours are made from the alias, so that they stay the same. */
const arnOf = (alias: string) =>
  `arn:aws:controlcatalog:::control/${BigInt(`0x${createHash('sha256').update(alias).digest('hex')}`)
    .toString(36)
    .slice(0, IDENTIFIER)}`

const flags: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(guardrails.flags).map(([alias, one]) => [alias, Object.keys(one)]),
)

const control = (
  alias: string,
  behavior: CatalogueControl['behavior'],
  implementation: CatalogueControl['implementation'],
  required: readonly string[] = [],
): CatalogueControl => ({
  alias,
  arn: arnOf(alias),
  behavior,
  implementation,
  required,
  optional: flags.get(alias) ?? [],
})

const numbered = (groups: Readonly<Record<string, readonly number[]>>): [string, number][] =>
  Object.entries(groups).flatMap(([name, numbers]) => numbers.map((n): [string, number] => [name, n]))

const parameters: Readonly<Record<string, readonly string[]>> = guardrails.parameters

export const CATALOGUE: readonly CatalogueControl[] = [
  ...Object.keys(guardrails.controls).map((alias) =>
    control(
      alias,
      'PREVENTIVE',
      { Type: 'AWS::Organizations::Policy::SERVICE_CONTROL_POLICY' },
      parameters[alias],
    ),
  ),
  ...Object.entries(data.detective).map(([alias, Identifier]) =>
    control(alias, 'DETECTIVE', { Type: 'AWS::Config::ConfigRule', Identifier }),
  ),
  ...numbered(data.securityHub).map(([service, n]) =>
    control(`SH.${service}.${n}`, 'DETECTIVE', {
      Type: 'AWS::SecurityHub::SecurityControl',
      Identifier: `${service}.${n}`,
    }),
  ),
  ...numbered(data.proactive).map(([service, n]) =>
    control(`CT.${service}.PR.${n}`, 'PROACTIVE', { Type: 'AWS::CloudFormation::Type::HOOK' }),
  ),
]

const BY_ARN = new Map(CATALOGUE.map((one) => [one.arn, one]))

export const controlByArn = (arn: string): CatalogueControl | undefined => BY_ARN.get(arn)

/** The alias behind an ARN of the catalogue, or the last part of Control Tower's own older ARN. */
export const aliasOf = (arn: string): string => BY_ARN.get(arn)?.alias ?? arn.slice(arn.lastIndexOf('/') + 1)
