/** What Config asks of a rule before it takes it. */
import { compileRules } from '../../../guard/guard.ts'
import type { World } from '../../core/contract.ts'
import { type ConfigRule, wrong } from './state.ts'

const FREQUENCIES = ['One_Hour', 'Three_Hours', 'Six_Hours', 'Twelve_Hours', 'TwentyFour_Hours']

/** @throws {AwsError} `InvalidParameterValueException` */
export function checkRule(world: World, rule: ConfigRule): void {
  const { Owner, SourceIdentifier, CustomPolicyDetails } = rule.Source
  if (Owner === 'CUSTOM_POLICY') checkPolicy(world, CustomPolicyDetails)
  else if (Owner === 'AWS' && !/^[A-Z][A-Z0-9_]+$/.test(SourceIdentifier ?? ''))
    throw wrong(
      `The sourceIdentifier ${SourceIdentifier ?? ''} is invalid. Please refer to the documentation for a list of valid sourceIdentifiers that can be used when AWS is the Owner.`,
    )
  else if (Owner === 'CUSTOM_LAMBDA' && !/^arn:aws[\w-]*:lambda:/.test(SourceIdentifier ?? ''))
    throw wrong(`The sourceIdentifier ${SourceIdentifier ?? ''} is not the ARN of a Lambda function.`)
  checkParameters(rule.InputParameters)
  if (rule.MaximumExecutionFrequency && !FREQUENCIES.includes(rule.MaximumExecutionFrequency))
    throw wrong(`The maximum execution frequency ${rule.MaximumExecutionFrequency} is not valid.`)
}

function checkParameters(text: string | undefined): void {
  if (!text) return
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  } catch {
    // Said below.
  }
  throw wrong(`Invalid json ${text} passed in the InputParameters field.`)
}

function checkPolicy(world: World, details: ConfigRule['Source']['CustomPolicyDetails']): void {
  if (!details?.PolicyText)
    throw wrong('A rule with the owner CUSTOM_POLICY needs CustomPolicyDetails with a PolicyText.')
  if (Buffer.byteLength(details.PolicyText) > world.limit('config.policy_bytes'))
    throw wrong(`The policy text has more than ${world.limit('config.policy_bytes')} bytes.`)
  try {
    if (compileRules(details.PolicyText) !== null) return
  } catch (error) {
    throw wrong(`The policy text is not valid: ${error instanceof Error ? error.message : ''}`)
  }
  throw wrong('The policy text has no rules.')
}
