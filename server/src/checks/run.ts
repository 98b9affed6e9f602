import { GuardEvaluationError } from '../guard/document/problem.ts'
import { type GuardMap, type GuardValue, isList, isMap, memberOf, Unknown } from '../guard/document/value.ts'
import { pathOf } from '../guard/evaluate/result.ts'
import { overall, type RuleVerdict, type Verdict } from '../guard/guard.ts'
import { type Finding as Clause, findingsOf } from '../guard/report/findings.ts'
import { RankanError } from '../kernel/errors.ts'
import { constructPath } from '../templates/cdk/assembly.ts'
import type { Detail, Finding, Report } from './finding.ts'
import type { Input } from './inputs.ts'
import type { ControlRules } from './rules.ts'

export type Checked = Pick<Report, 'documents' | 'controls' | 'findings' | 'verdicts'>

/** Every control on every document. `now`: seconds since 1970, for the function `now` of rules. */
export function check(inputs: readonly Input[], controls: readonly ControlRules[], now: number): Checked {
  const verdicts: Record<Verdict, number> = { PASS: 0, FAIL: 0, UNKNOWN: 0, SKIP: 0 }
  const findings = inputs.flatMap((input) =>
    controls.flatMap((control) => {
      const { verdict, findings: own } = checkOne(input, control, now)
      verdicts[verdict] += 1
      return own
    }),
  )
  return {
    documents: inputs.map((input) => ({
      file: input.file,
      stack: input.stack,
      kind: input.kind,
      resources: Object.keys(resourcesOf(input)).length,
    })),
    controls: controls.map(({ control }) => control),
    findings,
    verdicts,
  }
}

interface Outcome {
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
}

function checkOne(input: Input, control: ControlRules, now: number): Outcome {
  const form = control.rulesFor(input.kind)
  if (form === null) return { verdict: 'SKIP', findings: [] }
  const verdicts = evaluated(input, control, now)
  const source = { ruleFile: form.file, ruleText: form.text, document: input.document }
  const details = (failures: (one: RuleVerdict) => RuleVerdict['failures']): readonly Clause[] =>
    findingsOf(
      source,
      verdicts.map((one) => ({ ...one, failures: failures(one) })),
    )
  const failed = grouped(
    input,
    control,
    'FAIL',
    details(({ failures }) => failures),
    [],
  )
  const doubts = verdicts
    .flatMap(({ open }) => open?.doubts ?? [])
    .map(({ at, unknown }) => ({
      path: pathText(pathOf(at)),
      reason: unknown.reason,
    }))
  const open = grouped(
    input,
    control,
    'UNKNOWN',
    details((one) => one.open?.failures ?? []),
    distinct(doubts),
  )
  const known = new Set(failed.map(({ resource }) => resource))
  return {
    verdict: overall(verdicts.map(({ verdict }) => verdict)),
    findings: [...failed, ...open.filter(({ resource }) => !known.has(resource))],
  }
}

function evaluated(input: Input, control: ControlRules, now: number): readonly RuleVerdict[] {
  try {
    return control.rulesFor(input.kind)?.rules.evaluate(input.document, { now }) ?? []
  } catch (error) {
    if (!(error instanceof GuardEvaluationError)) throw error
    throw new RankanError(
      'invalid',
      error.code,
      `${input.file}: the control \`${control.control.id}\`: ${error.message}`,
    )
  }
}

type Unknowns = Finding['unknowns']

const distinct = (unknowns: Unknowns): Unknowns => [
  ...new Map(unknowns.map((one) => [`${one.path}|${one.reason}`, one])).values(),
]

/** One finding for each resource, from the clauses and the unknown values in it. */
function grouped(
  input: Input,
  control: ControlRules,
  verdict: Finding['verdict'],
  clauses: readonly Clause[],
  unknowns: Unknowns,
): readonly Finding[] {
  const names = new Set([...clauses, ...unknowns].map(({ path }) => resourceAt(path)))
  // A clause about the template as a whole says nothing more when the values in resources say which hang on what.
  if (verdict === 'UNKNOWN' && names.size > 1) names.delete(null)
  return [...names].map((resource) => {
    const own = clauses.filter(({ path }) => resourceAt(path) === resource)
    const why = unknowns.filter(({ path }) => resourceAt(path) === resource)
    return findingOf(
      input,
      control,
      verdict,
      resource,
      own,
      why.length > 0 || own.length === 0 ? why : unknowns,
    )
  })
}

function findingOf(
  input: Input,
  { control }: ControlRules,
  verdict: Finding['verdict'],
  resource: string | null,
  clauses: readonly Clause[],
  unknowns: Unknowns,
): Finding {
  const { document, file, stack } = input
  const place = document.locate(resource === null ? [] : ['Resources', resource])
  const first = clauses[0]
  const { type, construct } = resource === null ? { type: null, construct: null } : facts(input, resource)
  return {
    control,
    verdict,
    file,
    stack,
    resource,
    type,
    construct,
    line: first?.line ?? place.line + 1,
    column: first?.column ?? place.column + 1,
    details: [...new Map(clauses.map((clause) => [detailKey(clause), detailOf(input, clause)])).values()],
    unknowns,
    excused: null,
  }
}

const detailKey = ({ rule, path, wanted, missing }: Clause): string => [rule, path, wanted, missing].join('|')

function detailOf({ document }: Input, clause: Clause): Detail {
  const { rule, path, line, column, missing, wanted, message } = clause
  const secret = clause.found !== null && document.sensitive(pathParts(path))
  return {
    rule,
    path,
    line,
    column,
    missing,
    wanted,
    message,
    found: secret ? '(sensitive)' : shortened(clause.found),
  }
}

/** A whole resource as a value helps nobody. */
const shortened = (found: string | null): string | null =>
  found !== null && found.length > 200 ? `${found.slice(0, 200)}…` : found

const pathText = (path: readonly string[]): string => path.map((key) => `/${key}`).join('')
const pathParts = (path: string): readonly string[] => path.split('/').slice(1)

/** Keys may hold slashes: a Terraform address with one in its `for_each` key is told apart by its brackets. */
function resourceAt(path: string): string | null {
  const rest = /^\/Resources\/(.*)$/s.exec(path)?.[1]
  if (rest === undefined || rest === '') return null
  let [quoted, depth] = [false, 0]
  for (let i = 0; i < rest.length; i++) {
    const char = rest[i]
    if (char === '"') quoted = !quoted
    else if (!quoted && char === '[') depth += 1
    else if (!quoted && char === ']') depth -= 1
    else if (!quoted && depth === 0 && char === '/') return rest.slice(0, i)
  }
  return rest
}

const resourcesOf = ({ document }: Input): GuardMap => {
  const resources = isMap(document.value) ? memberOf(document.value, 'Resources') : undefined
  return resources !== undefined && isMap(resources) ? resources : {}
}

function facts(
  input: Input,
  resource: string,
): { readonly type: string | null; readonly construct: string | null } {
  const value = present(memberOf(resourcesOf(input), resource))
  const type = value !== undefined && isMap(value) ? memberOf(value, 'Type') : undefined
  return {
    type: typeof type === 'string' ? type : null,
    construct: value === undefined ? null : constructPath(value),
  }
}

/** A resource under an unknown condition is one of two things. */
const present = (value: GuardValue | undefined): GuardValue | undefined =>
  value instanceof Unknown
    ? value.options?.find(
        (option): option is GuardMap => typeof option !== 'symbol' && !isList(option) && isMap(option),
      )
    : value
