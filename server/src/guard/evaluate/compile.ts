import { GuardEvaluationError } from '../document/problem.ts'
import { FUNCTIONS } from '../functions/functions.ts'
import { unsureCall } from '../functions/unsure.ts'
import type { Call, Let, Operand, Query, QueryPart } from '../parse/ast.ts'
import { type Spelling, spellingsOf } from './case.ts'
import { Found, literal, type Result, root, type Status } from './result.ts'
import { type Plan, retrieve, type Step } from './retrieve.ts'
import { type CompiledLet, type Lets, resolveVariable, type Scope } from './scope.ts'
import { unsure } from './unsure.ts'

/** How filters are compiled: clauses hold queries and queries hold filters, so the knot is tied by a parameter. */
export type CompileFilter = (
  clauses: Extract<QueryPart, { kind: 'filter' }>['clauses'],
) => (scope: Scope) => Status

export type Values = (scope: Scope) => readonly Result[]

export function compilePlan(query: Query, compileFilter: CompileFilter): Plan {
  const steps = query.parts.map((part) => compileStep(part, compileFilter))
  return { parts: query.parts, steps }
}

const INTEGER = /^[-+]?\d+$/

/** Worked out when the name is first not found. */
function spelledLater(name: string): () => readonly string[] {
  let spellings: readonly string[] | undefined
  return () => {
    spellings ??= spellingsOf(name)
    return spellings
  }
}

function compileStep(part: QueryPart, compileFilter: CompileFilter): Step {
  switch (part.kind) {
    case 'this':
      return { kind: 'this' }
    case 'key':
      return {
        kind: 'key',
        name: part.name,
        index: INTEGER.test(part.name) && Math.abs(Number(part.name)) < 2 ** 31 ? Number(part.name) : null,
        spellings: spelledLater(part.name),
      }
    case 'filter':
      return {
        kind: 'filter',
        capture: part.capture,
        holds: compileFilter(part.clauses),
        lines: part.clauses.length,
        quick: quickFilter(part.clauses),
      }
    case 'keys':
      return {
        kind: 'keys',
        operator: part.operator,
        not: part.not,
        operand: compileKeysOperand(part.with, compileFilter),
      }
    default:
      return part
  }
}

type FilterPart = Extract<QueryPart, { kind: 'filter' }>

/** Recognises `[ Type == "text" ]` and `[ Type == %VARIABLE ]`. */
function quickFilter(clauses: FilterPart['clauses']): Extract<Step, { kind: 'filter' }>['quick'] {
  const [clause] = clauses[0] ?? []
  if (clauses.length !== 1 || clauses[0]?.length !== 1 || clause?.kind !== 'access') return null
  const { query, operator, not, with: operand } = clause
  const [part] = query.parts
  if (operator !== 'eq' || not || query.parts.length !== 1 || part?.kind !== 'key' || INTEGER.test(part.name))
    return null
  const text = soleText(operand)
  return text === null ? null : { name: part.name, text }
}

function soleText(operand: Operand | null): ((scope: Scope) => string | null) | null {
  if (operand?.kind === 'value') {
    const { value } = operand
    return typeof value === 'string' ? () => value : null
  }
  const [part] = operand?.kind === 'query' ? operand.query.parts : []
  if (operand?.kind !== 'query' || operand.query.parts.length !== 1 || part?.kind !== 'variable') return null
  return (scope) => textOf(resolveVariable(scope, part.name))
}

/** A single literal text compares as itself; anything else has rules of its own. */
function textOf(results: readonly Result[]): string | null {
  const [only] = results
  return results.length === 1 && only instanceof Found && only.literal && typeof only.value === 'string'
    ? only.value
    : null
}

function compileKeysOperand(
  operand: Operand,
  compileFilter: CompileFilter,
): (at: Found, scope: Scope, spelling: Spelling | null) => readonly Result[] {
  if (operand.kind !== 'query') {
    const values = compileOperand(operand, compileFilter)
    return (_, scope) => values(scope)
  }
  const plan = compilePlan(operand.query, compileFilter)
  return (at, scope, spelling) => retrieve(plan, at, scope, spelling)
}

export const compileQuery = (query: Query, compileFilter: CompileFilter): Values => {
  const plan = compilePlan(query, compileFilter)
  return (scope) => retrieve(plan, scope.root, scope)
}

export function compileOperand(operand: Operand, compileFilter: CompileFilter): Values {
  switch (operand.kind) {
    case 'value': {
      const results = [literal(operand.value)]
      return () => results
    }
    case 'query':
      return compileQuery(operand.query, compileFilter)
    case 'call':
      return compileCall(operand.call, compileFilter)
  }
}

/** A parameter of a rule: a value that is written there counts as found, not as a literal. */
export function compileParameter(operand: Operand, compileFilter: CompileFilter): Values {
  if (operand.kind !== 'value') return compileOperand(operand, compileFilter)
  const results = [root(operand.value)]
  return () => results
}

function compileCall(call: Call, compileFilter: CompileFilter): Values {
  const operands = call.operands.map((operand) => compileOperand(operand, compileFilter))
  return (scope) => {
    const wanted = FUNCTIONS.get(call.name)
    if (wanted === undefined)
      throw new GuardEvaluationError(
        'unknown_function',
        `There is no function \`${call.name}\`; there are ${[...FUNCTIONS.keys()].join(', ')}.`,
      )
    if (wanted.arguments !== operands.length)
      throw new GuardEvaluationError(
        'bad_arguments',
        `\`${call.name}\` takes ${wanted.arguments} arguments, but was given ${operands.length}.`,
      )
    const values = operands.map((operand) => operand(scope))
    return values.some(unsure)
      ? unsureCall(call.name, wanted, values, scope.run)
      : wanted.run(values, scope.run)
  }
}

export function compileLets(lets: readonly Let[], compileFilter: CompileFilter): Lets | null {
  if (lets.length === 0) return null
  return new Map(bySort(lets).map(({ name, operand }) => [name, compileLet(operand, compileFilter)]))
}

/** When a name is assigned twice, a literal wins over a function, and a function over a query; then the later one. */
const ORDER = { query: 0, call: 1, value: 2 } as const
const bySort = (lets: readonly Let[]): readonly Let[] =>
  [...lets].sort((a, b) => ORDER[a.operand.kind] - ORDER[b.operand.kind])

function compileLet(operand: Operand, compileFilter: CompileFilter): CompiledLet {
  if (operand.kind === 'value') return { kind: 'literal', results: [literal(operand.value)] }
  const values = compileOperand(operand, compileFilter)
  if (operand.kind === 'call' || operand.query.all) return { kind: 'lazy', resolve: values }
  return { kind: 'lazy', resolve: (scope) => values(scope).filter((r) => 'value' in r && !r.literal) }
}
