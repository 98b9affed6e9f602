import {
  ABSENT,
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  setMember,
  Unknown,
} from '../../guard/document/value.ts'
import { choiceOf, listOf, type Maybe } from '../choices.ts'
import { type Place, within } from '../source.ts'
import { applied, FUNCTIONS } from './functions.ts'
import { isLoop, loopMembers } from './loops.ts'
import { attribute, attributeName, referenced } from './references.ts'
import { placed, type Scope, spend } from './scope.ts'
import { substituted } from './sub.ts'

/** A value of a template with its functions worked out as far as they can be. */
export function resolve(value: GuardValue, scope: Scope, place: Place | null): Maybe {
  const made = resolved(value, scope, place)
  return typeof made === 'string' ? lookedUp(made) : made
}

/** Dynamic references of CloudFormation, anywhere in a text. Source: CloudFormation User Guide (asOf 2026-11-22). */
const DYNAMIC = /\{\{resolve:(ssm|ssm-secure|secretsmanager):[^{}]*\}\}/

/** A text with a dynamic reference is not the value that the resource gets. */
function lookedUp(text: string): GuardValue {
  const [, service] = text.includes('{{resolve:') ? (DYNAMIC.exec(text) ?? []) : []
  return service === undefined
    ? text
    : new Unknown({ reason: `\`{{resolve:${service}:…}}\` is looked up at deployment`, text: true })
}

function resolved(value: GuardValue, scope: Scope, place: Place | null): Maybe {
  spend(scope)
  if (isList(value)) return resolveList(value, scope, place)
  if (!isMap(value)) return value
  const [name, second] = Object.keys(value)
  if (name === undefined || second !== undefined) return resolveMap(value, scope, place)
  return isFunction(name) && !isLoop(name)
    ? call(name, value[name] as GuardValue, value, scope, place)
    : resolveMap(value, scope, place)
}

const isFunction = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::')

/** Nothing (`AWS::NoValue`) where a function needs something. */
const orNull = (value: Maybe): GuardValue => (value === ABSENT ? null : value)

function resolveList(list: readonly GuardValue[], scope: Scope, place: Place | null): GuardValue {
  const items = list.map((item, i) => resolve(item, scope, within(place, i)))
  const made = listOf(items, 'an item of the list may be left out')
  return Array.isArray(made) ? placed(scope, made, place) : made
}

/** Members of a map, those that loops write out among them. */
export function resolveMap(map: GuardMap, scope: Scope, place: Place | null): GuardMap {
  const made: Record<string, GuardValue> = {}
  for (const [key, value] of Object.entries(map))
    if (isLoop(key))
      for (const one of loopMembers(key, value, scope, within(place, key), resolve))
        put(made, one.key, 'unknown' in one ? one.unknown : resolve(one.value, one.scope, one.place))
    else put(made, key, resolve(value, scope, within(place, key)))
  return placed(scope, made, place)
}

function put(map: Record<string, GuardValue>, key: string, value: Maybe): void {
  if (value !== ABSENT) setMember(map, key, value)
}

function call(
  name: string,
  operand: GuardValue,
  written: GuardMap,
  scope: Scope,
  place: Place | null,
): Maybe {
  const inside = within(place, name)
  switch (name) {
    case 'Ref':
      return reference(operand, written, scope, inside)
    case 'Fn::GetAtt': {
      const parts = isList(operand) ? resolve(operand, scope, inside) : operand
      const attributeOf = parts === ABSENT ? null : attributeName(parts)
      return attributeOf === null ? opaque(name, written) : attribute(attributeOf, written)
    }
    case 'Fn::Sub':
      return substitution(operand, written, scope, inside)
    case 'Fn::If':
      return choice(operand, written, scope, inside)
    case 'Fn::ImportValue':
      return new Unknown({ reason: 'the value is exported by another stack', text: true, written })
    case 'Fn::GetAZs':
      return new Unknown({ reason: 'Availability Zones depend on the account', exists: true, written })
    default:
      return FUNCTIONS.has(name) ? computed(name, operand, written, scope, inside) : opaque(name, written)
  }
}

/** A macro, or a function that this version does not know: it may give anything, or nothing. */
const opaque = (name: string, written: GuardMap): Unknown =>
  new Unknown({ reason: `what \`${name}\` gives is known after deployment`, written })

function reference(operand: GuardValue, written: GuardMap, scope: Scope, place: Place | null): Maybe {
  const name = typeof operand === 'string' ? operand : resolve(operand, scope, place)
  return typeof name === 'string' ? referenced(name, written, scope) : opaque('Ref', written)
}

function substitution(operand: GuardValue, written: GuardMap, scope: Scope, place: Place | null): Maybe {
  if (typeof operand === 'string') return substituted(operand, new Map(), written, scope)
  if (!isList(operand)) return opaque('Fn::Sub', written)
  const template = operand[0] === undefined ? null : orNull(resolve(operand[0], scope, within(place, 0)))
  if (typeof template !== 'string') return opaque('Fn::Sub', written)
  const own = operand[1] !== undefined && isMap(operand[1]) ? Object.entries(operand[1]) : []
  const values = own.map(([key, value]) => [key, resolve(value, scope, within(place, 1, key))] as const)
  return substituted(template, new Map(values), written, scope)
}

function choice(operand: GuardValue, written: GuardMap, scope: Scope, place: Place | null): Maybe {
  if (!isList(operand) || operand.length !== 3 || typeof operand[0] !== 'string')
    return opaque('Fn::If', written)
  const name = operand[0]
  const side = (i: 1 | 2): Maybe => resolve(operand[i] as GuardValue, scope, within(place, i))
  const truth = scope.condition(name)
  if (truth !== null) return side(truth ? 1 : 2)
  return choiceOf([side(1), side(2)], `the condition \`${name}\` is not known`)
}

/** `Fn::FindInMap` takes `{DefaultValue}` as its last argument; `Fn::Base64` and others take one that is no list. */
function computed(
  name: string,
  operand: GuardValue,
  written: GuardMap,
  scope: Scope,
  place: Place | null,
): Maybe {
  const single = name === 'Fn::Base64' || name === 'Fn::Length' || name === 'Fn::ToJsonString'
  if (single) return applied(name, [orNull(resolve(operand, scope, place))], written, scope)
  if (!isList(operand)) return opaque(name, written)
  const args = operand.map((one, i) => orNull(resolve(one, scope, within(place, i))))
  return applied(name, args, written, scope)
}
