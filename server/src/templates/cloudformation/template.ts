import type { GuardDocument } from '../../guard/document/document.ts'
import {
  ABSENT,
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  memberOf,
  setMember,
  Unknown,
} from '../../guard/document/value.ts'
import type { Maybe } from '../choices.ts'
import { notTemplate, TEMPLATE_LIMITS, type TemplateDocument } from '../document.ts'
import { type Place, type Places, traced, within } from '../source.ts'
import { conditionsOf } from './conditions.ts'
import { isLoop, loopMembers } from './loops.ts'
import { type GivenValues, parameterValues, secretParameters } from './parameters.ts'
import { resolve } from './resolve.ts'
import { mapAt, placed, type Scope, sectionOf } from './scope.ts'
import { secretPaths } from './secrets.ts'

/**
 * A CloudFormation template as rules see it: parameters, conditions, mappings and functions worked out as far as they
 * can be, resources whose condition is false left out. What is not known stands as `Unknown`.
 *
 * @throws {RankanError} when it is no template, or grows beyond `TEMPLATE_LIMITS`
 */
export function cloudFormationDocument(source: GuardDocument, given: GivenValues = {}): TemplateDocument {
  const template = source.value
  if (!isMap(template)) throw notTemplate('A CloudFormation template is a map with `Resources`.')
  const places: Places = new WeakMap()
  const scope = scopeOf(template, given, places)
  const value: Record<string, GuardValue> = { ...template }
  value.Resources = resources(template, scope)
  const outputs = memberOf(template, 'Outputs')
  if (outputs !== undefined && isMap(outputs))
    setMember(value, 'Outputs', members(outputs, scope, within(null, 'Outputs')))
  const secret = secretPaths(template, secretParameters(template))
  const locate = traced(value, source, places)
  return { value, locate, sensitive: secret(value, places) }
}

function scopeOf(template: GuardMap, given: GivenValues, places: Places): Scope {
  const scope: Scope = {
    values: parameterValues(template, given),
    resources: sectionOf(template, 'Resources'),
    mappings: sectionOf(template, 'Mappings'),
    places,
    budget: { left: TEMPLATE_LIMITS.values },
    condition: (name) => conditions(name),
  }
  const conditions = conditionsOf(sectionOf(template, 'Conditions'), (value, name) =>
    resolve(value, scope, within(null, 'Conditions', name)),
  )
  return scope
}

function resources(template: GuardMap, scope: Scope): GuardMap {
  const written = memberOf(template, 'Resources')
  if (written === undefined || !isMap(written)) throw notTemplate('The template has no `Resources`.')
  const place = within(null, 'Resources')
  const made = members(written, scope, place)
  const macros = macrosOf(template, made)
  return macros.length === 0 ? made : placed(scope, { ...made, ...Object.fromEntries(macros) }, place)
}

/** Resources or outputs: each with its own condition. */
function members(section: GuardMap, scope: Scope, place: Place | null): GuardMap {
  const made: Record<string, GuardValue> = {}
  for (const [name, value] of Object.entries(section))
    if (isLoop(name))
      for (const one of loopMembers(name, value, scope, within(place, name), resolve))
        put(made, one.key, 'unknown' in one ? one.unknown : conditional(one.value, one.scope, one.place))
    else if (name.startsWith('Fn::'))
      put(made, name, new Unknown({ reason: `\`${name}\` adds what is known after deployment` }))
    else put(made, name, conditional(value, scope, within(place, name)))
  return placed(scope, made, place)
}

const put = (map: Record<string, GuardValue>, name: string, value: Maybe): void => {
  if (value !== ABSENT) setMember(map, name, value)
}

function conditional(value: GuardValue, scope: Scope, place: Place | null): Maybe {
  const name = memberOf(mapAt(value), 'Condition')
  const truth = typeof name === 'string' ? scope.condition(name) : true
  if (truth === false) return ABSENT
  const made = resolve(value, scope, place)
  if (truth === true || made === ABSENT) return made
  return new Unknown({ reason: `the condition \`${String(name)}\` is not known`, options: [made, ABSENT] })
}

/** These macros add no resources. */
const HARMLESS: ReadonlySet<string> = new Set(['AWS::LanguageExtensions'])

/** A macro may add any resource, and the serverless one does when there is something to expand. */
function macrosOf(template: GuardMap, made: GuardMap): readonly (readonly [string, Unknown])[] {
  const transform = memberOf(template, 'Transform')
  const names = transform === undefined ? [] : isList(transform) ? transform : [transform]
  return names
    .map((one) => (typeof one === 'string' ? one : String(memberOf(mapAt(one), 'Name'))))
    .filter((name) => !HARMLESS.has(name) && (!name.startsWith('AWS::Serverless') || hasServerless(made)))
    .map((name) => [
      `Fn::Transform::${name}`,
      new Unknown({ reason: `the macro \`${name}\` adds resources at deployment` }),
    ])
}

const hasServerless = (made: GuardMap): boolean =>
  Object.values(made).some((one) => String(memberOf(mapAt(one), 'Type')).startsWith('AWS::Serverless::'))
