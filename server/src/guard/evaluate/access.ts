import { kindOf, type Unknown } from '../document/value.ts'
import type { AccessClause, BinaryOperator, UnaryOperator } from '../parse/ast.ts'
import { clauseText } from '../report/words.ts'
import { compareResults, type Outcome } from './compare.ts'
import { type CompileFilter, compileOperand, compileQuery, type Values } from './compile.ts'
import { plainTest, plainWalk, type Test, type Walk } from './plain.ts'
import { countResults } from './quick.ts'
import type { BinaryFailure, UnaryFailure } from './record.ts'
import { allOf, anyOf, FAIL, isMaybe, Missing, OPEN, PASS, type Result, SKIP, type Status } from './result.ts'
import { type Scope, spend } from './scope.ts'
import { traced } from './trace.ts'
import { UNARY } from './unary.ts'
import { compareUnsure, recordDoubts, unaryUnsure, unsure } from './unsure.ts'

export type Check = (scope: Scope) => Status

/** A clause such as `Properties.Size >= 10` or `%buckets not empty`. */
export function compileAccess(clause: AccessClause, compileFilter: CompileFilter): Check {
  const check = compileInFull(clause, compileFilter)
  const walk = plainWalk(clause.query)
  const test = plainTest(clause)
  const quick = walk === null || test === null ? check : shortened(check, walk, test)
  let slow: Check | null = null
  return (scope) => {
    if (scope.run.tracer === null) return quick(scope)
    slow ??= tracedClause(clause, check)
    return slow(scope)
  }
}

const tracedClause = (clause: AccessClause, check: Check): Check =>
  traced(check, `GuardAccessClause#block${clauseText(clause)}`, (status, tracer) => {
    const some = clause.query.all === tracer.empty
    tracer.empty = false
    return { kind: 'clause', status, some }
  })

/** Takes the short way, and the long one when something is unusual or a failure is to be recorded. */
function shortened(check: Check, walk: Walk, test: Test): Check {
  return (scope) => {
    const value = walk(scope)
    const passes = value === undefined ? null : test(value)
    if (passes === null) return check(scope)
    if (passes) return PASS
    return scope.run.recorder === null ? FAIL : check(scope)
  }
}

function compileInFull(clause: AccessClause, compileFilter: CompileFilter): Check {
  const left = compileQuery(clause.query, compileFilter)
  if (clause.with !== null) return compileBinary(clause, left, compileOperand(clause.with, compileFilter))
  const last = clause.query.parts.at(-1)
  const selects =
    last?.kind === 'filter' ||
    last?.kind === 'keys' ||
    (last?.kind === 'variable' && clause.query.parts.length === 1)
  return selects && clause.operator === 'empty' ? compileSelection(clause, left) : compileUnary(clause, left)
}

function status(all: boolean, passes: number, fails: number): Status {
  if (all) return fails > 0 ? FAIL : PASS
  return passes > 0 ? PASS : FAIL
}

function compileUnary(clause: AccessClause, left: Values): Check {
  const holds = UNARY[clause.operator as UnaryOperator]
  const turned = clause.not !== clause.negation
  return (scope) => {
    const results = left(scope)
    if (results.length === 0) return nothing(scope, SKIP)
    if (unsure(results)) return openUnary(clause, scope, results)
    traceUnary(clause, scope, results, (result) => holds(result) !== turned)
    let fails = 0
    const failed: Result[] | null = scope.run.recorder === null ? null : []
    for (const result of results)
      if (holds(result) === turned) {
        fails += 1
        failed?.push(result)
      }
    return unaryStatus(clause, scope, results.length, fails, failed)
  }
}

function unaryStatus(
  clause: AccessClause,
  scope: Scope,
  total: number,
  fails: number,
  failed: readonly Result[] | null,
): Status {
  const outcome = status(clause.query.all, total - fails, fails)
  if (outcome === FAIL) for (const from of failed ?? []) recordUnary(clause, scope, from)
  return outcome
}

const recordUnary = (clause: AccessClause, scope: Scope, from: Result | null): void => {
  scope.run.recorder?.failures.push(unaryFailure(clause, from))
}

const unaryFailure = (clause: AccessClause, from: Result | null): UnaryFailure => {
  const { at, operator, not, message } = clause
  return { kind: 'unary', at, context: clauseText(clause), operator, not, message, from }
}

/** The clause found nothing to look at, which the trace tells. */
function nothing({ run }: Scope, status: Status): Status {
  if (run.tracer !== null) run.tracer.empty = true
  return status
}

function traceUnary(
  clause: AccessClause,
  { run }: Scope,
  results: readonly (Result | null)[],
  passes: (result: Result) => boolean,
): void {
  if (run.tracer === null) return
  const context = clauseText(clause)
  for (const result of results)
    run.tracer.value(context, result !== null && passes(result) ? null : unaryFailure(clause, result))
}

/** `%selected empty`, `Tags[ … ] !empty`: asks whether anything was found, not whether what was found is empty. */
function compileSelection(clause: AccessClause, left: Values): Check {
  return (scope) => {
    const results = left(scope)
    if (results.length === 0) {
      const passes = clause.not === clause.negation
      if (passes) scope.run.tracer?.value(clauseText(clause), null)
      else traceUnary(clause, scope, [null], () => false)
      if (!passes) recordUnary(clause, scope, null)
      return nothing(scope, passes ? PASS : FAIL)
    }
    if (unsure(results)) return openSelection(clause, scope, results)
    const isEmpty = (r: Result): boolean => r instanceof Missing || r.value === null
    const fails = (r: Result): boolean => isEmpty(r) === (clause.not !== clause.negation)
    traceUnary(clause, scope, results, (result) => !fails(result))
    const failed = results.filter(fails)
    return unaryStatus(clause, scope, results.length, failed.length, failed)
  }
}

function compileBinary(clause: AccessClause, left: Values, right: Values): Check {
  const operator = clause.operator as BinaryOperator
  return (scope) => {
    const rights = right(scope)
    const lefts = left(scope)
    spend(scope.run, lefts.length * rights.length)
    if (unsure(lefts) || unsure(rights)) return openBinary(clause, scope, lefts, rights)
    const counted = countResults(operator, clause.not, lefts, rights)
    if (counted === null) return nothing(scope, SKIP)
    traceBinary(clause, scope, lefts, rights)
    const verdict = status(clause.query.all, counted.total - counted.fails, counted.fails)
    if (verdict === FAIL && scope.run.recorder !== null)
      recordBinary(clause, scope, compareResults(operator, clause.not, lefts, rights) ?? [])
    return verdict
  }
}

function recordBinary(clause: AccessClause, scope: Scope, outcomes: readonly Outcome[]): void {
  const context = clauseText(clause)
  for (const outcome of outcomes)
    if (!outcome.pass) scope.run.recorder?.failures.push(binaryFailure(clause, context, outcome))
}

function binaryFailure(clause: AccessClause, context: string, outcome: Outcome): BinaryFailure {
  const { at, operator, not, message } = clause
  const { from, to, listed, reason } = outcome
  return { kind: 'binary', at, context, operator, not, message, from, to, listed, reason }
}

function traceBinary(
  clause: AccessClause,
  { run }: Scope,
  lefts: readonly Result[],
  rights: readonly Result[],
): void {
  if (run.tracer === null) return
  const context = clauseText(clause)
  for (const outcome of compareResults(clause.operator as BinaryOperator, clause.not, lefts, rights) ?? [])
    run.tracer.value(context, outcome.pass ? null : binaryFailure(clause, context, outcome))
}

/** The status of a clause from those of its results; what hangs on an unknown value is remembered. */
function together(
  clause: AccessClause,
  scope: Scope,
  compared: readonly { readonly from: Result; readonly status: Status }[],
): Status {
  const present = compared.map(({ from, status }) => (isMaybe(from) ? status | SKIP : status))
  const status = clause.query.all ? allOf(present) : anyOf(present)
  if ((status & FAIL) !== 0)
    recordDoubts(
      scope.run,
      compared.filter((one) => (one.status & FAIL) !== 0).map(({ from }) => from),
    )
  return status
}

/** What fails for certain in a clause that fails goes to the rule's failures, all else that may fail to the possible ones. */
function recorded<T extends { readonly from: Result; readonly status: Status }>(
  scope: Scope,
  status: Status,
  compared: readonly T[],
  record: (one: T) => void,
): Status {
  const { recorder } = scope.run
  if (recorder === null || (status & FAIL) === 0) return status
  const { failures } = recorder
  for (const one of compared) {
    if ((one.status & FAIL) === 0) continue
    const certain = status === FAIL && one.status === FAIL && !isMaybe(one.from)
    recorder.failures = certain ? failures : recorder.possible
    record(one)
  }
  recorder.failures = failures
  return status
}

function openUnary(clause: AccessClause, scope: Scope, results: readonly Result[]): Status {
  const operator = clause.operator as UnaryOperator
  const turned = clause.not !== clause.negation
  const compared = results.map((from) => ({
    from,
    status: unaryUnsure(operator, turned, from, UNARY[operator]),
  }))
  const status = together(clause, scope, compared)
  return recorded(scope, status, compared, ({ from }) => recordUnary(clause, scope, from))
}

/** Whether anything was found at all, when nobody knows it of some. */
function openSelection(clause: AccessClause, scope: Scope, results: readonly Result[]): Status {
  const turned = clause.not !== clause.negation
  const of = (r: Result): Status => {
    if (r instanceof Missing || r.value === null) return turned ? FAIL : PASS
    if (kindOf(r.value) === 'unknown' && !(r.value as Unknown).exists) return OPEN
    return turned ? PASS : FAIL
  }
  const compared = results.map((from) => ({ from, status: of(from) }))
  const status = together(clause, scope, compared)
  // Nothing at all is found when every result is a maybe: then the clause is what it is on nothing.
  const whole = (status & SKIP) === 0 ? status : (status & OPEN) | (turned ? FAIL : PASS)
  return recorded(scope, whole, [{ from: results[0] as Result, status: whole }], ({ from }) =>
    recordUnary(clause, scope, from),
  )
}

function openBinary(
  clause: AccessClause,
  scope: Scope,
  lefts: readonly Result[],
  rights: readonly Result[],
): Status {
  if (lefts.length === 0 || rights.length === 0) return SKIP
  const operator = clause.operator as BinaryOperator
  const compared = compareUnsure(operator, clause.not, lefts, rights, clause.query.all ? PASS : FAIL)
  const status = together(clause, scope, compared)
  const whole = rights.every(isMaybe) ? status | SKIP : status
  if ((whole & FAIL) !== 0) recordDoubts(scope.run, rights)
  return recorded(scope, whole, compared, ({ from }) =>
    recordBinary(clause, scope, [{ pass: false, from, to: rights, listed: rights.length > 1, reason: null }]),
  )
}
