import type { Issue } from '../kernel/errors.ts'
import { canonicalJson } from '../kernel/json.ts'
import type { AutomationDocument, AutomationParameter } from './document.ts'
import { matchesWhole } from './pattern.ts'

export type ParameterValues = Readonly<Record<string, unknown>>

/** The values that a run starts with: those given, else the defaults; and what is wrong with them. */
export function parameterValues(
  { parameters }: AutomationDocument,
  given: ParameterValues,
): { readonly values: ParameterValues; readonly issues: readonly Issue[] } {
  const declared = Object.entries(parameters)
  const values = Object.fromEntries(
    declared.flatMap(([name, { default: otherwise }]) => {
      const value = Object.hasOwn(given, name) ? given[name] : otherwise
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(parameters, name))
    .map((name) => problem(name, 'unknown_parameter', `The document has no parameter \`${name}\`.`))
  return {
    values,
    issues: [...unknown, ...declared.flatMap(([name, rule]) => valueIssues(name, rule, values[name]))],
  }
}

const problem = (name: string, code: string, message: string): Issue => ({
  path: ['parameters', name],
  code,
  message,
})

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === 'string',
  StringList: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  Boolean: (value) => typeof value === 'boolean',
  Integer: (value) => Number.isInteger(value),
  StringMap: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
  MapList: (value) =>
    Array.isArray(value) && value.every((item) => item !== null && typeof item === 'object'),
}
const typeTest = (type: string) => TYPES[type.startsWith('List<') ? 'StringList' : type] ?? TYPES.String

export function valueIssues(name: string, rule: AutomationParameter, value: unknown): readonly Issue[] {
  if (value === undefined)
    return [problem(name, 'parameter_missing', `The parameter \`${name}\` needs a value.`)]
  if (typeTest(rule.type)?.(value) !== true)
    return [
      problem(
        name,
        'wrong_type',
        `The parameter \`${name}\` takes a ${rule.type}, found \`${canonicalJson(value)}\`.`,
      ),
    ]
  const each: readonly unknown[] = Array.isArray(value) ? value : [value]
  return each.flatMap((one) => memberIssues(name, rule, one))
}

function memberIssues(name: string, rule: AutomationParameter, value: unknown): readonly Issue[] {
  const allowed = rule.allowedValues?.map((one) => canonicalJson(one))
  if (allowed !== undefined && !allowed.includes(canonicalJson(value)))
    return [
      problem(
        name,
        'value_not_allowed',
        `\`${canonicalJson(value)}\` is none of the values of \`${name}\`: ${allowed.join(', ')}.`,
      ),
    ]
  if (
    rule.allowedPattern !== undefined &&
    typeof value === 'string' &&
    !matchesWhole(rule.allowedPattern, value)
  )
    return [
      problem(
        name,
        'pattern_not_met',
        `\`${value}\` does not match the pattern \`${rule.allowedPattern}\` of \`${name}\`.`,
      ),
    ]
  return []
}
