/** Templates of conformance packs: CloudFormation with rules and remediations, of which the sandbox resolves what packs use. */
import { parse } from 'yaml'
import type { ConfigRule } from './state.ts'

/** What is wrong with a template, in words for the caller. */
export class TemplateProblem extends Error {}

interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly Condition?: string
}

interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Resources?: Readonly<Record<string, Resource>>
}

const ALLOWED = new Set(['AWS::Config::ConfigRule', 'AWS::Config::RemediationConfiguration'])

type Values = Readonly<Record<string, unknown>>
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The rules of a pack, in the order of the template.
 * @throws {TemplateProblem}
 */
export function packRules(text: string, given: Values, maxRules: number): readonly ConfigRule[] {
  const template = read(text)
  const resources = Object.entries(template.Resources ?? {})
  for (const [id, { Type }] of resources)
    if (!ALLOWED.has(Type))
      throw new TemplateProblem(`Resource type ${Type} of ${id} is not supported in conformance packs.`)
  const values = { ...defaults(template), ...given }
  for (const name of Object.keys(given))
    if (!(name in (template.Parameters ?? {})))
      throw new TemplateProblem(`Parameters: [${name}] do not exist in the template`)
  const resolve = resolver(template, values)
  const rules = resources
    .filter(([, one]) => one.Type === 'AWS::Config::ConfigRule')
    .filter(([, one]) => one.Condition === undefined || resolve({ Condition: one.Condition }) === true)
    .map(([id, one]) => ruleOf(id, resolve(one.Properties)))
  if (rules.length === 0) throw new TemplateProblem('The template contains no AWS::Config::ConfigRule.')
  if (rules.length > maxRules)
    throw new TemplateProblem(
      `The template has ${rules.length} rules; a conformance pack takes at most ${maxRules}.`,
    )
  return rules
}

function read(text: string): Template {
  let value: unknown
  try {
    value = parse(text, { logLevel: 'silent', maxAliasCount: 100 })
  } catch (error) {
    throw new TemplateProblem(
      `Template format error: ${error instanceof Error ? error.message : 'not well-formed'}`,
    )
  }
  if (!isRecord(value) || !isRecord(value.Resources))
    throw new TemplateProblem('Template format error: At least one Resources member must be defined.')
  return value as Template
}

const defaults = ({ Parameters = {} }: Template): Values =>
  Object.fromEntries(
    Object.entries(Parameters).flatMap(([name, one]) =>
      one?.Default === undefined ? [] : [[name, one.Default]],
    ),
  )

const NO_VALUE = Symbol('AWS::NoValue')

function resolver(template: Template, values: Values) {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((one) => one !== NO_VALUE)
    if (!isRecord(value)) return value
    const [name = '', ...others] = Object.keys(value)
    if (others.length === 0 && name in functions) return functions[name]?.(value[name])
    const members = Object.entries(value).map(([key, member]) => [key, resolve(member)] as const)
    return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE))
  }
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.map(resolve) : [])
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref(name) {
      if (name === 'AWS::NoValue') return NO_VALUE
      if (typeof name === 'string' && name in values) return values[name]
      throw new TemplateProblem(`Unresolved resource dependencies [${String(name)}] in the template`)
    },
    Condition(name) {
      const found = template.Conditions?.[String(name)]
      if (found === undefined) throw new TemplateProblem(`Unresolved condition dependency ${String(name)}`)
      return resolve(found)
    },
    'Fn::Equals': (pair) => list(pair)[0] === list(pair)[1],
    'Fn::Not': (one) => list(one)[0] !== true,
    'Fn::And': (all) => list(all).every((one) => one === true),
    'Fn::Or': (any) => list(any).some((one) => one === true),
    'Fn::If'(branches) {
      const [condition, yes, no] = Array.isArray(branches) ? branches : []
      return resolve(resolve({ Condition: condition }) === true ? yes : no)
    },
  }
  return resolve
}

function ruleOf(id: string, properties: unknown): ConfigRule {
  if (!isRecord(properties) || !isRecord(properties.Source))
    throw new TemplateProblem(`The rule ${id} has no Source.`)
  const { InputParameters, ...rest } = properties
  const text = typeof InputParameters === 'string' ? InputParameters : JSON.stringify(InputParameters)
  return {
    ...(rest as unknown as ConfigRule),
    ConfigRuleName: String(properties.ConfigRuleName ?? id),
    ...(text === undefined ? {} : { InputParameters: text }),
  }
}
