import { readDocument } from '../../guard/document/document.ts'
import { GuardSyntaxError } from '../../guard/document/problem.ts'
import { invalid } from '../../kernel/errors.ts'
import limits from '../plan/limits.json' with { type: 'json' }
import type { ImportedControl, ImportedLibrary } from './imported.ts'

const LIMITS = limits.packs
type Members = Readonly<Record<string, unknown>>

/**
 * The rules of a conformance pack of AWS Config (a CloudFormation template in YAML or JSON), with the parameters that
 * they have by default. Limits that the pack passes are notes. `invalid` for a text that is no such template.
 */
export function conformancePackLibrary(
  text: string,
  name: string,
  version: string,
  source: string,
): ImportedLibrary {
  const template = templateOf(text, name)
  const resources = membersOf(template.Resources)
  const defaults = defaultsOf(membersOf(template.Parameters))
  const rules = Object.entries(resources).filter(
    ([, one]) => membersOf(one).Type === 'AWS::Config::ConfigRule',
  )
  if (rules.length === 0)
    throw invalid('no_rules', `\`${name}\` has no resource of the type \`AWS::Config::ConfigRule\`.`)
  const controls = rules.map(([id, rule]) => controlOf(id, membersOf(membersOf(rule).Properties), defaults))
  return {
    kind: 'conformance-pack',
    name,
    version,
    source,
    controls,
    notes: notesOn(text, resources, controls),
  }
}

function templateOf(text: string, name: string): Members {
  try {
    return membersOf(readDocument(text).value)
  } catch (error) {
    if (error instanceof GuardSyntaxError)
      throw invalid('bad_template', `\`${name}\` is neither YAML nor JSON: ${error.message}`)
    throw error
  }
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const membersOf = (value: unknown): Members => (isMembers(value) ? value : {})

const defaultsOf = (parameters: Members): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(parameters).flatMap(([key, one]) => {
      const value = membersOf(one).Default
      return value === undefined ? [] : [[key, String(value)] as const]
    }),
  )

function controlOf(
  logicalId: string,
  properties: Members,
  defaults: ReadonlyMap<string, string>,
): ImportedControl {
  const source = membersOf(properties.Source)
  const description = properties.Description
  return {
    id: typeof properties.ConfigRuleName === 'string' ? properties.ConfigRuleName : logicalId,
    title: typeof description === 'string' ? description : '',
    remedy: null,
    type: 'detective',
    severity: null,
    resourceTypes: listOf(membersOf(properties.Scope).ComplianceResourceTypes),
    runs: [runsOf(source)],
    parameters: Object.fromEntries(
      Object.entries(membersOf(properties.InputParameters)).flatMap(([key, value]) => {
        const given = givenOf(value, defaults)
        return given === null ? [] : [[key, given]]
      }),
    ),
  }
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

function runsOf(source: Members): string {
  const { Owner: owner, SourceIdentifier: identifier } = source
  if (owner === 'AWS' && typeof identifier === 'string') return `config-managed-rule:${identifier}`
  return owner === 'CUSTOM_POLICY' ? 'config-guard-rule' : 'config-lambda-rule'
}

/**
 * The packs of AWS write a parameter as `Fn::If: [it was given, Ref, AWS::NoValue]`, and the condition holds when its
 * default is not empty. Null for what is not given.
 */
function givenOf(value: unknown, defaults: ReadonlyMap<string, string>): string | null {
  if (!isMembers(value)) return value === undefined || value === null ? null : String(value)
  if (typeof value.Ref === 'string') return defaults.get(value.Ref) || null
  const branches = value['Fn::If']
  return Array.isArray(branches) ? givenOf(branches[1], defaults) : null
}

function notesOn(text: string, resources: Members, controls: readonly ImportedControl[]): string[] {
  const bytes = new TextEncoder().encode(text).length
  const others = Object.entries(resources).filter(
    ([, one]) => !/^AWS::Config::(ConfigRule|RemediationConfiguration)$/.test(String(membersOf(one).Type)),
  )
  return [
    ...(controls.length > LIMITS.maxRules
      ? [`The pack has ${controls.length} rules; AWS takes ${LIMITS.maxRules}. Split it.`]
      : []),
    ...(bytes > LIMITS.maxBytes
      ? [
          `The template has ${bytes} bytes; AWS takes ${LIMITS.maxBytes} inline. Give it through S3, or split it.`,
        ]
      : []),
    ...others.map(
      ([id]) => `\`${id}\` is neither a rule nor a remediation; conformance packs take no other.`,
    ),
  ]
}
