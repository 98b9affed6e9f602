import type {
  AccessClause,
  Cnf,
  Operator,
  Query,
  QueryPart,
  RuleClause,
  RuleFile,
} from '../../guard/parse/ast.ts'

/**
 * How a compliant document is broken: the value is gone, or it is another one (or there is one where none may be).
 * `broken` is either of them, for a line with alternatives: each has its own way to fail.
 */
export type Way = 'removed' | 'changed' | 'broken'

/** What must fail: a clause of the rule file, when the value that it is about is broken in this way. */
export interface Demand {
  readonly rule: string
  /** Offset of the clause in the rule text, as failures name it. */
  readonly at: number
  /** The properties that the clause and its alternatives are about; none: not one by name. */
  readonly properties: readonly string[]
  readonly way: Way
}

/** Everything that the clauses of a rule file promise to notice. Conditions and filters select; they promise nothing. */
export const demandsOf = (file: RuleFile): readonly Demand[] =>
  [...file.rules, ...file.parameterised].flatMap(({ name, block }) =>
    linesOf(block.clauses).flatMap((line) => lineDemands(name, line)),
  )

/** The lines of access clauses, with those of the blocks inside. */
function linesOf(clauses: Cnf<RuleClause>): readonly (readonly AccessClause[])[] {
  return clauses.flatMap((line) => {
    const own = line.filter((clause) => clause.kind === 'access')
    const inner = line.flatMap((clause) => ('block' in clause ? linesOf(clause.block.clauses) : []))
    return own.length > 0 ? [own, ...inner] : inner
  })
}

function lineDemands(rule: string, line: readonly AccessClause[]): readonly Demand[] {
  const [only] = line
  if (only === undefined) return []
  if (line.length === 1) return WAYS[only.operator](wanting(only)).map((way) => demand(rule, line, only, way))
  // A line fails when all of its alternatives do; the one that weighs the value shows it.
  const weighing = line.find(({ operator }) => operator !== 'exists' && operator !== 'empty') ?? only
  return [demand(rule, line, weighing, 'broken')]
}

const demand = (rule: string, line: readonly AccessClause[], { at }: AccessClause, way: Way): Demand => ({
  rule,
  at,
  properties: line.flatMap(({ query }) => lastKey(query) ?? []),
  way,
})

/** Whether the clause wants what its operator says: `!empty` and `not exists` want the opposite. */
const wanting = ({ not, negation }: AccessClause): boolean => not === negation

const BOTH: readonly Way[] = ['removed', 'changed']
const both = (): readonly Way[] => BOTH

const WAYS: Readonly<Record<Operator, (wanting: boolean) => readonly Way[]>> = {
  exists: (wanted) => (wanted ? ['removed'] : ['changed']),
  empty: () => ['changed'],
  eq: both,
  in: both,
  lt: both,
  le: both,
  gt: both,
  ge: both,
  is_string: both,
  is_list: both,
  is_struct: both,
  is_bool: both,
  is_int: both,
  is_float: both,
  is_null: both,
}

const nameOf = (part: QueryPart): string | null => (part.kind === 'key' ? part.name : null)

const lastKey = ({ parts }: Query): string | null =>
  parts.map(nameOf).findLast((name) => name !== null) ?? null
