import type { GuardValue } from '../document/value.ts'
import type { QueryPart } from '../parse/ast.ts'

/** A value that a query found, with the way that led to it; the path is read off only when a clause failed. */
export class Found {
  readonly value: GuardValue
  /** Null for the root of a document and for values of the rule. */
  readonly parent: Found | null
  readonly key: string | number
  /** Written in the rule itself: comparisons treat it differently from values of the document. */
  readonly literal: boolean
  constructor(value: GuardValue, parent: Found | null, key: string | number, literal: boolean) {
    this.value = value
    this.parent = parent
    this.key = key
    this.literal = literal
  }
}

/** A query that could not go on at a value of the document. */
export class Missing {
  readonly at: Found
  readonly parts: readonly QueryPart[]
  /** Index of the part that could not be followed. */
  readonly from: number
  readonly why: () => string
  constructor(at: Found, parts: readonly QueryPart[], from: number, why: () => string) {
    this.at = at
    this.parts = parts
    this.from = from
    this.why = why
  }
}

export type Result = Found | Missing

export const literal = (value: GuardValue): Found => new Found(value, null, '', true)
export const root = (value: GuardValue): Found => new Found(value, null, '', false)
export const child = (parent: Found, key: string | number, value: GuardValue): Found =>
  new Found(value, parent, key, false)
/** Another value at the same place: what a function made of it, or the name of a member. */
export const inPlaceOf = (found: Found, value: GuardValue): Found =>
  new Found(value, found.parent, found.key, false)

export function pathOf(found: Found): readonly string[] {
  const path: string[] = []
  for (let at: Found = found; at.parent !== null; at = at.parent) path.push(String(at.key))
  return path.reverse()
}

export const PASS = 0
export const FAIL = 1
export const SKIP = 2
export type Status = typeof PASS | typeof FAIL | typeof SKIP
