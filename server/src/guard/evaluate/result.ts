import type { GuardValue, Unknown } from '../document/value.ts'
import type { QueryPart } from '../parse/ast.ts'

/** A value that a query found, with the way that led to it; the path is read off only when a clause failed. */
export class Found {
  readonly value: GuardValue
  /** Null for the root of a document and for values of the rule. */
  readonly parent: Found | null
  readonly key: string | number
  /** Written in the rule itself: comparisons treat it differently from values of the document. */
  readonly literal: boolean
  /** A filter or a choice on the way was not decided: perhaps the query does not find this. */
  readonly maybe: boolean
  constructor(
    value: GuardValue,
    parent: Found | null,
    key: string | number,
    literal: boolean,
    maybe: boolean,
  ) {
    this.value = value
    this.parent = parent
    this.key = key
    this.literal = literal
    this.maybe = maybe
  }
}

/** Says why in words that need a place: `where` the query stopped, what stands there (`shown`, as Rust's `{:?}` has it). */
export type Reason = (at: { readonly where: string; shown(): string }) => string

/** A query that could not go on at a value of the document. */
export class Missing {
  readonly at: Found
  readonly parts: readonly QueryPart[]
  /** Index of the part that could not be followed. */
  readonly from: number
  readonly why: Reason
  constructor(at: Found, parts: readonly QueryPart[], from: number, why: Reason) {
    this.at = at
    this.parts = parts
    this.from = from
    this.why = why
  }
}

export type Result = Found | Missing

export const literal = (value: GuardValue): Found => new Found(value, null, '', true, false)
export const root = (value: GuardValue): Found => new Found(value, null, '', false, false)
export const child = (parent: Found, key: string | number, value: GuardValue): Found =>
  new Found(value, parent, key, false, parent.maybe)
/** Another value at the same place: what a function made of it, or the name of a member. */
export const inPlaceOf = (found: Found, value: GuardValue): Found =>
  new Found(value, found.parent, found.key, false, found.maybe)
/** One of several values that may be at this place. */
export const perhaps = (found: Found, value: GuardValue = found.value): Found =>
  new Found(value, found.parent, found.key, found.literal, true)
/** The value taken for granted, as the clauses inside of a block take it. */
export const granted = (found: Found): Found =>
  found.maybe ? new Found(found.value, found.parent, found.key, found.literal, false) : found

export const isMaybe = (result: Result): boolean =>
  result instanceof Missing ? result.at.maybe : result.maybe

export function pathOf(found: Found): readonly string[] {
  const path: string[] = []
  for (let at: Found = found; at.parent !== null; at = at.parent) path.push(String(at.key))
  return path.reverse()
}

/**
 * A status is the set of the verdicts that are possible, one bit each; without unknown values it is always one of these
 * three. Sets make Kleene's logic out of the two-valued one: a check that passes whatever the unknown value is, passes.
 */
export const PASS = 1
export const FAIL = 2
export const SKIP = 4
export type Status = number
/** Passes or fails, nobody knows which. */
export const OPEN: Status = PASS | FAIL

export const isOpen = (status: Status): boolean => (status & FAIL) !== 0 && status !== FAIL

/** Of a set of checks that must all hold; those that are skipped do not count. */
export function allOf(statuses: readonly Status[]): Status {
  let some = 0
  let every = SKIP
  for (const status of statuses) {
    if (status === FAIL) return FAIL
    some |= status
    every &= status
  }
  return (some & OPEN) | every
}

/** Of a set of checks of which one must hold. */
export function anyOf(statuses: readonly Status[]): Status {
  let some = 0
  let every = SKIP
  for (const status of statuses) {
    if (status === PASS) return PASS
    some |= status
    every &= status
  }
  return (some & OPEN) | every
}

/** A value that hangs in the balance: where, and why. The clause that asked says what for. */
export interface Doubt {
  readonly at: Found
  readonly unknown: Unknown
}
