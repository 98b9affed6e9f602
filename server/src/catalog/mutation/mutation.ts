import { documentOf } from '../../guard/document/document.ts'
import { GuardEvaluationError } from '../../guard/document/problem.ts'
import type { GuardValue } from '../../guard/document/value.ts'
import type { Failure } from '../../guard/evaluate/record.ts'
import { type CompiledRules, compileRules, overall } from '../../guard/guard.ts'
import { parseRules } from '../../guard/parse/file.ts'
import { type Demand, demandsOf, type Way } from './demands.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { vocabularyOf } from './vocabulary.ts'

/** A clause that notices nothing when what it is about is broken in this way. */
export interface Survivor {
  readonly rule: string
  /** The line of the rule file that begins with the clause. */
  readonly clause: string
  readonly way: Way
}

export interface MutationReport {
  /** Clauses times the ways to break what they are about. */
  readonly demands: number
  /** Broken documents that were evaluated, and how many of them failed. */
  readonly mutants: number
  readonly failed: number
  readonly survivors: readonly Survivor[]
}

/**
 * Breaks compliant documents in every single place and demands that each clause of the rules notices what it is about:
 * for every property that a rule constrains, the property removed and a value outside of what is wanted must turn PASS
 * into FAIL, at that clause. Documents that the rules do not pass are of no use and are left out.
 *
 * @param failing documents of failing cases, for values that the rules refuse
 * @throws {GuardSyntaxError}
 */
export function checkMutations(
  text: string,
  passing: readonly GuardValue[],
  failing: readonly GuardValue[],
): MutationReport {
  const file = parseRules(text)
  const rules = compileRules(text)
  if (file === null || rules === null) return { demands: 0, mutants: 0, failed: 0, survivors: [] }
  const vocabulary = vocabularyOf(file, failing)
  const demands = demandsOf(file)
  const open = new Set(demands)
  let [mutants, failed] = [0, 0]
  for (const document of passing.filter((one) => verdict(rules, one) === 'PASS'))
    for (const mutant of mutantsOf(document, vocabulary)) {
      mutants++
      const clauses = failedClauses(rules, mutant.document)
      if (clauses.size === 0) continue
      failed++
      for (const demand of open) if (answers(demand, mutant, clauses)) open.delete(demand)
    }
  const survivors = [...open].map(({ rule, at, way }) => ({ rule, clause: lineAt(text, at), way }))
  return { demands: demands.length, mutants, failed, survivors }
}

const verdict = (rules: CompiledRules, document: GuardValue): string => overall(rules.verdicts(document))

/** The clauses by which the document fails, as offsets in the rule text. A rule that cannot say is no rule that fails. */
function failedClauses(rules: CompiledRules, document: GuardValue): ReadonlySet<number> {
  try {
    return new Set(rules.evaluate(documentOf(document)).flatMap(({ failures }) => failures.flatMap(offsets)))
  } catch (error) {
    if (error instanceof GuardEvaluationError) return new Set()
    throw error
  }
}

const offsets = (failure: Failure): readonly number[] =>
  'checks' in failure ? failure.checks.flatMap(offsets) : [failure.at]

const answers = ({ at, way, properties }: Demand, mutant: Mutant, clauses: ReadonlySet<number>): boolean =>
  clauses.has(at) &&
  (way === 'broken' || mutant.way === way) &&
  (properties.length === 0 || properties.includes(lastName(mutant.path)))

/** The name of the property that holds the place: indices do not count. */
const lastName = (path: readonly string[]): string => path.findLast((key) => !/^\d+$/.test(key)) ?? ''

const lineAt = (text: string, at: number): string =>
  (text.slice(at).trimStart().split('\n', 1)[0] ?? '').trim()
