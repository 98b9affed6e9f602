import { ABSENT, type GuardMap, type GuardValue, Unknown } from '../../guard/document/value.ts'
import { choiceOf, combinations, type Maybe, reasonOf } from '../choices.ts'
import { attribute, referenced } from './references.ts'
import type { Scope } from './scope.ts'

const PLACEHOLDER = /\$\{(!?)([^}]*)\}/g

/** `Fn::Sub`: `own` are the variables of the function itself. */
export function substituted(
  template: string,
  own: ReadonlyMap<string, Maybe>,
  written: GuardMap,
  scope: Scope,
): Maybe {
  const names = [...template.matchAll(PLACEHOLDER)].flatMap(([, literal, name = '']) =>
    literal === '!' ? [] : [name.trim()],
  )
  const values = names.map((name) => placeholderValue(name, own, scope))
  const rows = combinations(values)
  const reason = reasonOf(values) ?? '`Fn::Sub` names a value that is no text'
  if (rows === null) return new Unknown({ reason, exists: true, text: hasText(template, values), written })
  const texts = rows.map((row) => filled(template, row))
  return texts.includes(null)
    ? new Unknown({ reason, exists: true, written })
    : choiceOf(texts as readonly string[], reason, written)
}

function placeholderValue(name: string, own: ReadonlyMap<string, Maybe>, scope: Scope): GuardValue {
  const written = { 'Fn::Sub': `\${${name}}` }
  const value =
    own.get(name) ?? (name.includes('.') ? attribute(name, written) : referenced(name, written, scope))
  return value === ABSENT ? '' : value
}

/** Null: one of the values is no text. */
function filled(template: string, row: readonly Maybe[]): string | null {
  let next = 0
  let whole = true
  const text = template.replace(PLACEHOLDER, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`
    const value = row[next++]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return String(value)
    whole = false
    return ''
  })
  return whole ? text : null
}

const hasText = (template: string, values: readonly GuardValue[]): boolean =>
  template.replace(PLACEHOLDER, '') !== '' ||
  values.some((value) => (value instanceof Unknown ? value.text : value !== ''))
