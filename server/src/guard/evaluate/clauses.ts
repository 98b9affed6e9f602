import { GuardEvaluationError } from '../document/problem.ts'
import type {
  Block,
  BlockClause,
  CallClause,
  Clause,
  Cnf,
  Condition,
  NamedClause,
  Rule,
  RuleClause,
  TypeClause,
  WhenClause,
} from '../parse/ast.ts'
import { queryText } from '../report/words.ts'
import { type Check, compileAccess } from './access.ts'
import {
  type CompileFilter,
  compileLets,
  compileParameter,
  compilePlan,
  compileQuery,
  type Values,
} from './compile.ts'
import type { Failure } from './record.ts'
import {
  allOf,
  anyOf,
  FAIL,
  type Found,
  granted,
  isMaybe,
  isOpen,
  Missing,
  OPEN,
  PASS,
  type Result,
  SKIP,
  type Status,
} from './result.ts'
import { retrieve } from './retrieve.ts'
import { type CompiledRule, type Run, Scope } from './scope.ts'
import { traced } from './trace.ts'

/** A filter tests; what fails in it is no failure of the rule. */
const compileFilter: CompileFilter = (clauses) => silent(compileCnf(clauses, compileClause, 'GuardClause'))

/** Runs a check without recording. */
function silent(check: Check): Check {
  return (scope) => {
    const { run } = scope
    if (run.recorder === null) return check(scope)
    const { recorder } = run
    run.recorder = null
    try {
      return check(scope)
    } finally {
      run.recorder = recorder
    }
  }
}

/** Runs a check in a frame of its own; its failures become one when it failed, and are possible when it may fail. */
function framed(check: Check, wrap: (failures: readonly Failure[]) => readonly Failure[]): Check {
  return (scope) => {
    const { recorder } = scope.run
    if (recorder === null) return check(scope)
    const { failures: outer, possible, doubts } = recorder
    const [knownPossible, knownDoubts] = [possible.length, doubts.length]
    recorder.failures = []
    const status = check(scope)
    if (status === FAIL) outer.push(...wrap(recorder.failures))
    else if (isOpen(status)) possible.push(...wrap(recorder.failures))
    else {
      possible.length = knownPossible
      doubts.length = knownDoubts
    }
    recorder.failures = outer
    return status
  }
}

const unchanged = (failures: readonly Failure[]): readonly Failure[] => failures

/** Every line must hold; a line holds when one of its alternatives does. Lines that are skipped do not count. */
function compileCnf<T>(lines: Cnf<T>, compileOne: (clause: T) => Check, of: ClauseKind): Check {
  const checks = lines.map((line) => compileLine(line.map(compileOne), of))
  if (checks.length === 1 && checks[0] !== undefined) return checks[0]
  return (scope) => {
    let some = 0
    let every = SKIP
    let failed = false
    for (const check of checks) {
      const status = check(scope)
      some |= status
      every &= status
      if (status === FAIL) failed = true
    }
    return failed ? FAIL : (some & OPEN) | every
  }
}

/** How cfn-guard's trace names the kinds of clauses that `or` may join. */
type ClauseKind = 'RuleClause' | 'GuardClause' | 'WhenGuardClause'

function compileLine(alternatives: readonly Check[], of: ClauseKind): Check {
  const [only] = alternatives
  if (alternatives.length === 1 && only !== undefined) return only
  const any: Check = (scope) => {
    let some = 0
    let every = SKIP
    for (const check of alternatives) {
      const status = check(scope)
      if (status === PASS) return PASS
      some |= status
      every &= status
    }
    return (some & OPEN) | every
  }
  const told = traced(any, `cfn_guard::rules::exprs::${of}#disjunction`, (status) => ({
    kind: 'any_of',
    status,
    some: true,
  }))
  return framed(told, (checks) => [{ kind: 'any_of', checks }])
}

function compileBlock<T>(block: Block<T>, compileOne: (clause: T) => Check, of: ClauseKind): Check {
  const lets = compileLets(block.lets, compileFilter)
  const check = compileCnf(block.clauses, compileOne, of)
  return lets === null ? check : (scope) => check(new Scope(scope.run, scope, scope.root, lets))
}

export function compileClause(clause: Clause): Check {
  switch (clause.kind) {
    case 'access':
      return compileAccess(clause, compileFilter)
    case 'named':
      return compileNamed(clause)
    case 'call':
      return compileCall(clause)
    case 'block':
      return compileBlockClause(clause)
    case 'when':
      return compileWhen(clause, 'GuardConditionClause')
  }
}

function compileRuleClause(clause: RuleClause): Check {
  if (clause.kind === 'type') return compileType(clause)
  return clause.kind === 'when' ? compileWhen(clause, 'RuleClause') : compileClause(clause)
}

const compileConditions = (
  conditions: Cnf<Condition>,
  owner: string,
  kind: 'rule_condition' | 'type_condition' | 'when_condition',
): Check =>
  traced(
    silent(compileCnf<Condition>(conditions, compileClause, 'WhenGuardClause')),
    `${owner}/When`,
    (status) => ({ kind, status }),
  )

/** The rule of that name, or of those names: the first that was not skipped decides. */
function compileNamed(clause: NamedClause): Check {
  const { at, rule, negation, message } = clause
  const failure = { kind: 'dependent', at, rule, negation, message } as const
  const check: Check = (scope) => {
    const found = statusOfRule(rule, scope.run, scope)
    const passing = negation ? FAIL : PASS
    const status = ((found & PASS) !== 0 ? passing : 0) | ((found & ~PASS) !== 0 ? OPEN ^ passing : 0)
    const { recorder } = scope.run
    if (status === FAIL) recorder?.failures.push(failure)
    else if (isOpen(status)) recorder?.possible.push(failure)
    return status
  }
  return traced(check, { before: `Rule(${rule}@`, at, after: ')' }, (status) => ({
    kind: 'value',
    failure: status === FAIL ? failure : null,
  }))
}

function statusOfRule(name: string, run: Run, from: Scope): Status {
  const known = run.statuses?.get(name)
  if (known !== undefined) return known
  const rules = run.rules.get(name)
  if (rules === undefined) throw new GuardEvaluationError('unknown_rule', `There is no rule \`${name}\`.`)
  const scope = outermost(from)
  const status = entered(scope, name, silent(firstDecided(rules)))
  run.statuses ??= new Map()
  run.statuses.set(name, status)
  return status
}

const firstDecided =
  (rules: readonly CompiledRule[]): Check =>
  (scope) => {
    let decided: Status = 0
    for (const rule of rules) {
      const status = rule.run(scope)
      if ((status & SKIP) === 0) return decided | status
      decided |= status & OPEN
    }
    return decided | SKIP
  }

function outermost(from: Scope): Scope {
  let scope = from
  while (scope.parent !== null) scope = scope.parent
  return scope
}

function entered(scope: Scope, name: string, check: Check): Status {
  const { run } = scope
  if (run.calls >= run.limits.calls)
    throw new GuardEvaluationError(
      'too_many_calls',
      `Rules call rules more than ${run.limits.calls} levels deep, here \`${name}\`. Do they call each other in a circle?`,
    )
  run.calls += 1
  const status = check(scope)
  run.calls -= 1 // An error ends the whole evaluation.
  return status
}

function compileCall(clause: CallClause): Check {
  const operands = clause.operands.map((operand) => compileParameter(operand, compileFilter))
  let called: { readonly rule: CompiledRule; readonly check: Check } | null = null
  return (scope) => {
    const rule = scope.run.parameterised.get(clause.rule)
    if (called === null || called.rule !== rule)
      called = { rule: callable(rule, clause), check: calledRule(callable(rule, clause), clause.message) }
    const inner = new Scope(scope.run, scope, scope.root, null)
    inner.values = parametersOf(called.rule, operands, scope)
    return entered(inner, called.rule.name, called.check)
  }
}

function callable(rule: CompiledRule | undefined, { rule: name, operands }: CallClause): CompiledRule {
  if (rule === undefined)
    throw new GuardEvaluationError('unknown_rule', `There is no rule \`${name}\` with parameters.`)
  const wanted = rule.parameters?.length ?? 0
  if (wanted === operands.length) return rule
  throw new GuardEvaluationError(
    'bad_arguments',
    `The rule \`${name}\` takes ${wanted} parameters, but was given ${operands.length}.`,
  )
}

function parametersOf(
  { parameters }: CompiledRule,
  operands: readonly Values[],
  scope: Scope,
): Map<string, readonly Result[]> {
  const values = new Map<string, readonly Result[]>()
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i] as Values
    values.set(parameters?.[i] as string, operand(scope))
  }
  return values
}

const calledRule = (rule: CompiledRule, message: string | null): Check =>
  framed(
    (scope) => {
      const status = rule.run(scope)
      scope.run.tracer?.calledWith(message)
      return status
    },
    (checks) => [{ kind: 'rule', name: rule.name, message, checks }],
  )

function compileWhen(clause: WhenClause, name: 'RuleClause' | 'GuardConditionClause'): Check {
  const conditions = compileConditions(clause.conditions, name, 'when_condition')
  const block = framed(compileBlock(clause.block, compileClause, 'GuardClause'), unchanged)
  return traced(
    (scope) => guarded(conditions(scope), block, scope),
    name,
    (status) => ({ kind: 'when', status, some: false }),
  )
}

/** What stands under a condition: skipped unless it passes. */
function guarded(condition: Status, block: Check, scope: Scope): Status {
  if (condition === PASS) return block(scope)
  return (condition & PASS) === 0 ? SKIP : possibly(block, scope)
}

/** A check that perhaps is not made at all; its failures are possible ones. */
function possibly(check: Check, scope: Scope): Status {
  const { recorder } = scope.run
  if (recorder === null) return check(scope) | SKIP
  const outer = recorder.failures
  recorder.failures = recorder.possible
  const status = check(scope)
  recorder.failures = outer
  return status | SKIP
}

function compileBlockClause(clause: BlockClause): Check {
  const plan = compilePlan(clause.query, compileFilter)
  const block = framed(compileBlock(clause.block, compileClause, 'GuardClause'), unchanged)
  const check: Check = (scope) => {
    const results = retrieve(plan, scope.root, scope)
    const [only] = results
    if (results.length === 1 && !(only instanceof Missing)) return onResult(only as Found, scope, block)
    if (results.length > 0) return eachResult(clause, results, scope, block)
    if (!clause.notEmpty) return SKIP
    recordBlock(clause, scope, null)
    return FAIL
  }
  const { at, query } = clause
  const told = traced(check, { before: 'BlockGuardClause#', at, after: '' }, (status) => ({
    kind: 'block',
    status,
    some: !query.all,
  }))
  return framed(told, unchanged)
}

function recordBlock({ at, query }: BlockClause, { run }: Scope, missing: Missing | null): void {
  if (run.recorder === null && run.tracer === null) return
  const failure = { kind: 'block', at, missing, query: queryText(query.parts) } as const
  run.recorder?.failures.push(failure)
  if (missing !== null) run.tracer?.value({ before: 'GuardBlockAccessClause#', at, after: '' }, failure)
}

function eachResult(clause: BlockClause, results: readonly Result[], scope: Scope, block: Check): Status {
  const statuses = results.map((result) => {
    if (!(result instanceof Missing)) return onResult(result, scope, block)
    if (isMaybe(result)) return possibly((inner) => missed(clause, inner, result), scope)
    return missed(clause, scope, result)
  })
  return clause.query.all ? allOf(statuses) : anyOf(statuses)
}

function missed(clause: BlockClause, scope: Scope, result: Missing): Status {
  recordBlock(clause, scope, result)
  return FAIL
}

/** The block on one value; the clauses inside take it for granted that the value is there. */
function onResult(result: Found, scope: Scope, block: Check): Status {
  const inner = new Scope(scope.run, scope, granted(result), null)
  return result.maybe ? possibly(block, inner) : block(inner)
}

/** `AWS::S3::Bucket { … }`: every resource of the type in a template. */
function compileType(clause: TypeClause): Check {
  const name = `TypeBlock#${clause.type}`
  const conditions =
    clause.conditions === null ? null : compileConditions(clause.conditions, name, 'type_condition')
  const block = framed(
    onFirstUse(() => compileBlock(clause.block, compileClause, 'GuardClause')),
    unchanged,
  )
  const resources = compileQuery(resourcesOfType(clause), compileFilter)
  const every: Check = (scope) =>
    allOf(
      resources(scope).map((r, i) => {
        const resource = resourceOf(clause, r)
        scope.run.tracer?.open(`${name}/${i}`)
        const status = onResult(resource, scope, block)
        scope.run.tracer?.close({ kind: 'type_block', status })
        return status
      }),
    )
  const check: Check = (scope) =>
    conditions === null ? every(scope) : guarded(conditions(scope), every, scope)
  const told = traced(check, name, (status) => ({ kind: 'type', type: clause.type, status }))
  return framed(told, unchanged)
}

/** Errors tell what is missing without its place. */
const NOWHERE = { where: 'the root of the document', shown: () => '…' }

function resourceOf({ type }: TypeClause, result: Result): Found {
  if (!(result instanceof Missing)) return result
  throw new GuardEvaluationError(
    'no_resources',
    `\`${type}\` looks for \`Resources\`, but ${result.why(NOWHERE)}.`,
  )
}

function resourcesOfType({ type, at }: TypeClause): { parts: Parameters<typeof queryText>[0]; all: boolean } {
  const isType: Condition = {
    kind: 'access',
    at,
    query: { parts: [{ kind: 'key', name: 'Type' }], all: true },
    operator: 'eq',
    not: false,
    negation: false,
    with: { kind: 'value', value: type },
    message: null,
  }
  return {
    all: true,
    parts: [
      { kind: 'key', name: 'Resources' },
      { kind: 'all_values', capture: null },
      { kind: 'filter', capture: null, clauses: [[isType]] },
    ],
  }
}

/** Compiled when it is first needed: most rules of a large set find nothing in a document that they speak of. */
function onFirstUse(compile: () => Check): Check {
  let check: Check | null = null
  return (scope) => {
    check ??= compile()
    return check(scope)
  }
}

/** A rule: skipped unless its conditions pass. */
export function compileRule(rule: Rule): CompiledRule {
  const { name, parameters } = rule
  const conditions =
    rule.conditions === null ? null : compileConditions(rule.conditions, `Rule#${name}`, 'rule_condition')
  const block = onFirstUse(() => compileBlock(rule.block, compileRuleClause, 'RuleClause'))
  const run: Check = conditions === null ? block : (scope) => guarded(conditions(scope), block, scope)
  return {
    name,
    parameters,
    run: traced(run, name, (status) => ({ kind: 'rule', name, status, message: null })),
  }
}

export const compileFileLets = (lets: Parameters<typeof compileLets>[0]): ReturnType<typeof compileLets> =>
  compileLets(lets, compileFilter)
