import {
  ABSENT,
  Float,
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  memberOf,
  Unknown,
} from '../../guard/document/value.ts'
import { alternatives, choiceOf, combinations, type Maybe, reasonOf } from '../choices.ts'
import { cidrBlocks } from './cidr.ts'
import type { Scope } from './scope.ts'

/** A function of arguments that are resolved; `null`: it cannot be worked out, for the reason given. */
type Compute = (args: readonly GuardValue[], scope: Scope) => Maybe | null

const text = (value: GuardValue | undefined): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null

const integer = (value: GuardValue | undefined): number | null => {
  const written = text(value)
  return written !== null && /^\d{1,6}$/.test(written) ? Number(written) : null
}

function texts(value: GuardValue | undefined): readonly string[] | null {
  if (value === undefined || !isList(value)) return null
  const all = value.map((item) => text(item))
  return all.includes(null) ? null : (all as string[])
}

function join([delimiter, list]: readonly GuardValue[]): GuardValue | null {
  const items = texts(list)
  return typeof delimiter === 'string' && items !== null ? items.join(delimiter) : null
}

function split([delimiter, whole]: readonly GuardValue[]): GuardValue | null {
  if (typeof delimiter !== 'string' || delimiter === '' || typeof whole !== 'string') return null
  return whole.split(delimiter)
}

function select([index, list]: readonly GuardValue[]): GuardValue | null {
  const i = integer(index)
  return i !== null && list !== undefined && isList(list) ? (list[i] ?? null) : null
}

function length([list]: readonly GuardValue[]): GuardValue | null {
  return list !== undefined && isList(list) ? list.length : null
}

function cidr([block, count, bits]: readonly GuardValue[]): GuardValue | null {
  const [n, size] = [integer(count), bits === undefined ? 8 : integer(bits)]
  return typeof block === 'string' && n !== null && size !== null ? cidrBlocks(block, n, size) : null
}

/** Base64 of UTF-8 without Node's `Buffer`: templates are read in the browser, too. */
function base64([value]: readonly GuardValue[]): GuardValue | null {
  const plain = text(value)
  if (plain === null) return null
  let bytes = ''
  for (const byte of new TextEncoder().encode(plain)) bytes += String.fromCharCode(byte)
  return btoa(bytes)
}

function findInMap([map, first, second, options]: readonly GuardValue[], { mappings }: Scope): Maybe | null {
  const [a, b, c] = [text(map), text(first), text(second)]
  const top = a === null ? undefined : memberOf(mappings, a)
  const level = top !== undefined && isMap(top) && b !== null ? memberOf(top, b) : undefined
  const found = level !== undefined && isMap(level) && c !== null ? memberOf(level, c) : undefined
  if (found !== undefined) return found
  return options !== undefined && isMap(options) ? (memberOf(options, 'DefaultValue') ?? null) : null
}

const toJsonString = ([value]: readonly GuardValue[]): GuardValue | null =>
  value === undefined ? null : JSON.stringify(value, (_, inner) => plainNumber(inner))

const plainNumber = (value: unknown): unknown =>
  value instanceof Float ? value.value : typeof value === 'bigint' ? Number(value) : value

interface IntrinsicFunction {
  readonly compute: Compute
  /** What it makes is a text, even when nobody knows which. */
  readonly makesText: boolean
}

/**
 * Functions that are worked out from their arguments alone. Source: AWS CloudFormation user guide, intrinsic function
 * reference (asOf 2026-11-22).
 */
export const FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map<string, IntrinsicFunction>([
  ['Fn::Join', { compute: join, makesText: true }],
  ['Fn::Split', { compute: split, makesText: false }],
  ['Fn::Select', { compute: select, makesText: false }],
  ['Fn::Length', { compute: length, makesText: false }],
  ['Fn::Cidr', { compute: cidr, makesText: false }],
  ['Fn::Base64', { compute: base64, makesText: true }],
  ['Fn::FindInMap', { compute: findInMap, makesText: false }],
  ['Fn::ToJsonString', { compute: toJsonString, makesText: true }],
])

/** Works a function out for everything that its arguments can be. */
export function applied(name: string, args: readonly GuardValue[], written: GuardMap, scope: Scope): Maybe {
  const found = FUNCTIONS.get(name)
  const reason = reasonOf(args) ?? `\`${name}\` cannot be worked out from what the template says`
  const open = new Unknown({ reason, exists: true, written })
  if (found === undefined) return open
  const rows = name === 'Fn::Select' ? selectRows(args) : combinations(args)
  if (rows === null)
    return name === 'Fn::FindInMap' ? anyOfMap(args, written, reason, scope) : textual(found, args, open)
  const results = rows.map((row) =>
    found.compute(
      row.filter((one): one is GuardValue => one !== ABSENT),
      scope,
    ),
  )
  return results.includes(null) ? textual(found, args, open) : choiceOf(results as Maybe[], reason, written)
}

/** A selected item may be known though its neighbours are not. */
function selectRows(args: readonly GuardValue[]): readonly (readonly Maybe[])[] | null {
  const [index, list] = args
  const i = integer(index)
  const item = i !== null && list !== undefined && isList(list) ? list[i] : undefined
  if (item === undefined) return combinations(args)
  const options = alternatives(item)
  return options === null ? null : options.map((one) => [0, one === ABSENT ? [] : [one]])
}

/** A text that is not known has characters when its known parts have some. */
function textual(found: IntrinsicFunction, args: readonly GuardValue[], open: Unknown): Unknown {
  const { reason, written } = open
  const selected = selectedUnknown(args)
  if (selected !== null) return selected
  return found.makesText
    ? new Unknown({ reason, text: hasText(args), exists: true, ...(written && { written }) })
    : open
}

function selectedUnknown([index, list]: readonly GuardValue[]): Unknown | null {
  const i = integer(index)
  const item = i !== null && list !== undefined && isList(list) ? list[i] : undefined
  return item instanceof Unknown ? item : null
}

const hasText = (args: readonly GuardValue[]): boolean =>
  args
    .flatMap((arg) => (isList(arg) ? arg : [arg]))
    .some((item) => (item instanceof Unknown ? item.text : typeof item === 'string' && item !== ''))

/** A key that is not known gives one of the values under it. */
function anyOfMap(
  args: readonly GuardValue[],
  written: GuardMap,
  reason: string,
  { mappings }: Scope,
): Maybe {
  const [map, first, second] = args
  const top = typeof map === 'string' ? memberOf(mappings, map) : undefined
  const open = new Unknown({ reason, exists: true, written })
  if (top === undefined || !isMap(top)) return open
  const levels = first instanceof Unknown ? Object.values(top) : [memberOf(top, String(first)) ?? null]
  const values = levels.flatMap((level) => {
    if (!isMap(level)) return []
    if (second instanceof Unknown) return Object.values(level)
    const found = memberOf(level, String(second))
    return found === undefined ? [] : [found]
  })
  const defaults = args[3] === undefined ? [] : [findInMap(['', '', '', args[3]], { mappings } as Scope)]
  const all = [...values, ...defaults.filter((one) => one !== null)]
  return all.length === 0 ? open : choiceOf(all as Maybe[], reason, written)
}
