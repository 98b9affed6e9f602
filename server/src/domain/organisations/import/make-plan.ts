import type { Issue } from '../../../kernel/errors.ts'
import { err, ok, type Result } from '../../../kernel/result.ts'
import { prefectureDigits } from '../codes.ts'
import type { OfficialChange } from '../data/official-changes.ts'
import { prefectureFacts } from '../data/prefectures.ts'
import { sameName, stem } from '../fold.ts'
import { isMunicipality } from '../kinds.ts'
import type { OrganisationFacts } from '../timeline.ts'
import { compare, isCorrection } from './compare.ts'
import { knownButNotInFile } from './known.ts'
import {
  type Basis,
  CHANGES,
  type ImportPlan,
  type OutdatedRow,
  type PlanInput,
  type PlanItem,
} from './plan.ts'
import type { ListRow } from './rows.ts'

type Registered = PlanInput['register']['current'][number]
type Becomes = Extract<OfficialChange, { type: 'becomes' }>

/** Who was what before: a row that takes up an organisation known under another code. */
interface Continuation {
  readonly from: Registered
  readonly basis: Basis
  readonly official: Becomes | null
}

interface Work {
  readonly input: PlanInput
  readonly byCode: ReadonlyMap<string, Registered>
  readonly rowByCode: ReadonlyMap<string, ListRow>
  /** Organisations of the register that the file speaks of. */
  readonly met: Set<string>
  readonly items: PlanItem[]
  readonly outdated: OutdatedRow[]
  unchanged: number
}

/**
 * Compares a list with the register on the list's day and says what changed. Pure: the same input gives the same
 * plan, and a plan that was applied gives an empty one.
 */
export function makePlan(input: PlanInput): Result<ImportPlan, readonly Issue[]> {
  const work: Work = {
    input,
    byCode: new Map(input.register.current.map((o) => [o.facts.code, o])),
    rowByCode: new Map(input.rows.map((row) => [row.facts.code, row])),
    met: new Set(),
    items: [],
    outdated: [],
    unchanged: 0,
  }
  const issues = unknownParents(work)
  if (issues.length > 0) return err(issues)
  addImpliedPrefectures(work)
  const fresh = input.rows.filter((row) => !work.byCode.has(row.facts.code) && !noteOutdated(work, row))
  const renumbered = continueOrganisations(work, fresh)
  const early = knownOnlyLater(work)
  if (early.length > 0) return err(early)
  for (const row of input.rows) compareKnown(work, row, renumbered)
  endMissing(work)
  work.items.push(...knownButNotInFile(input, work.byCode, work.rowByCode))
  return ok({
    asOf: input.asOf,
    profile: input.profile.name,
    rows: input.rows.length,
    unchanged: work.unchanged,
    items: sorted(work.items.map((item) => decided(item, input))),
    outdated: work.outdated,
  })
}

const sorted = (items: readonly PlanItem[]): readonly PlanItem[] =>
  [...items].sort(
    (a, b) =>
      CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  )

/** A row whose own predecessors or parent nobody knows cannot be placed. */
function unknownParents(work: Work): readonly Issue[] {
  return work.input.rows.flatMap(({ line, facts }) => {
    const parent = facts.parentCode
    if (parent === null || work.byCode.has(parent) || work.rowByCode.has(parent))
      return loopOf(work, line, facts)
    if (/^\d{6}$/.test(parent) && prefectureFacts(prefectureDigits(parent))?.code === parent) return []
    return [
      parentIssue(
        line,
        'parent_unknown',
        parent,
        'is neither in the file nor in the register. Add it, or correct the code',
      ),
    ]
  })
}

function loopOf(work: Work, line: number, facts: OrganisationFacts): readonly Issue[] {
  const seen = new Set([facts.code])
  for (let up = facts.parentCode; up !== null; up = work.rowByCode.get(up)?.facts.parentCode ?? null) {
    if (seen.has(up)) return [parentIssue(line, 'parent_loop', up, 'belongs, through others, to itself')]
    seen.add(up)
  }
  return []
}

const parentIssue = (line: number, code: string, value: string, text: string): Issue => ({
  path: [line, 'parent'],
  code,
  params: { line, column: 'parent', value },
  message: `Line ${line}: the organisation \`${value}\` that it belongs to ${text}.`,
})

/** Lists of municipalities name no prefectures as rows; the tree needs them. */
function addImpliedPrefectures(work: Work): void {
  const wanted = new Set(work.input.rows.map((row) => row.facts.parentCode))
  for (const code of [...wanted].sort()) {
    if (code === null || work.byCode.has(code) || work.rowByCode.has(code)) continue
    const facts = prefectureFacts(prefectureDigits(code))
    if (facts !== null) work.items.push(newItem(work, { line: 0, facts, predecessors: [] }))
  }
}

/**
 * A row that shows what the register knows to be past, e.g. an old list after a correction by an official change. What
 * was gone with nobody in its place and is named again is no such row: it is there again.
 */
function noteOutdated(work: Work, row: ListRow): boolean {
  const former = work.input.register.former.find(
    (f) => f.now !== null && f.code === row.facts.code && sameName(f.nameJa, row.facts.nameJa),
  )
  if (former === undefined || former.now === null) return false
  work.met.add(former.now.id)
  work.outdated.push(outdated(row, former.now))
  return true
}

const outdated = (row: ListRow, now: { code: string; nameJa: string } | null): OutdatedRow => ({
  line: row.line,
  code: row.facts.code,
  nameJa: row.facts.nameJa,
  nowCode: now?.code ?? null,
  nowNameJa: now?.nameJa ?? null,
})

/** A new organisation cannot take a code that another begins to use later: the list is older than the register. */
function knownOnlyLater(work: Work): readonly Issue[] {
  const later = new Map(work.input.register.later.map((l) => [l.code, l.from]))
  return work.items.flatMap(({ after, line }) => {
    const from = after === null ? undefined : later.get(after.code)
    if (after === null || from === undefined) return []
    return [
      {
        path: [line ?? 0, 'code'],
        code: 'known_only_later',
        params: { line: line ?? 0, value: after.code, from },
        message: `Line ${line ?? 0}: the register knows \`${after.nameJa}\` (\`${after.code}\`) only from \`${from}\` on. Import the list as of that day or later.`,
      },
    ]
  })
}

/** Rows with a code that the register does not know: a known body under a new code, or a new body. Returns old code → new code. */
function continueOrganisations(work: Work, fresh: readonly ListRow[]): ReadonlyMap<string, string> {
  const renumbered = new Map<string, string>()
  const missing = work.input.register.current.filter((o) => !work.rowByCode.has(o.facts.code))
  for (const row of fresh) {
    const found = continuation(work, row, missing)
    if (found === null) {
      work.items.push(newItem(work, row))
      continue
    }
    renumbered.set(found.from.facts.code, row.facts.code)
    work.met.add(found.from.id)
    work.items.push(changeItem(work, row, found))
  }
  return renumbered
}

function continuation(work: Work, row: ListRow, missing: readonly Registered[]): Continuation | null {
  const free = missing.filter((o) => !work.met.has(o.id))
  const official = work.input.official.find(
    (c): c is Becomes => c.type === 'becomes' && c.day <= work.input.asOf && c.to.code === row.facts.code,
  )
  const byOfficial = free.find((o) => o.facts.code === official?.from.code)
  if (official !== undefined && byOfficial !== undefined)
    return { from: byOfficial, basis: 'official', official }
  const sameStem = free.filter((o) => stem(o.facts.nameJa) === stem(row.facts.nameJa))
  const named = sameStem.find((o) => row.predecessors.includes(o.facts.code))
  if (named !== undefined) return { from: named, basis: 'file', official: null }
  const alike = sameStem.filter(
    (o) =>
      o.facts.parentCode === row.facts.parentCode &&
      (o.facts.kind === row.facts.kind || (isMunicipality(o.facts.kind) && isMunicipality(row.facts.kind))),
  )
  const [only] = alike
  return only !== undefined && alike.length === 1 ? { from: only, basis: 'likeness', official: null } : null
}

function changeItem(work: Work, row: ListRow, found: Continuation): PlanItem {
  const difference = compare(found.from.facts, row.facts)
  return {
    ...blank(`row:${row.facts.code}`),
    change: difference?.change ?? 'code_changed',
    state: found.basis === 'likeness' ? 'needs_confirmation' : 'included',
    basis: found.basis,
    source: found.official?.source ?? null,
    line: row.line,
    organisationId: found.from.id,
    before: found.from.facts,
    after: difference?.after ?? row.facts,
    effective: found.official?.day ?? work.input.asOf,
  }
}

function newItem(work: Work, row: ListRow): PlanItem {
  const official = work.input.official.find(
    (c): c is Becomes =>
      c.type === 'becomes' &&
      c.day <= work.input.asOf &&
      c.to.code === row.facts.code &&
      sameName(c.to.nameJa, row.facts.nameJa),
  )
  return {
    ...blank(`row:${row.facts.code}`),
    change: 'new',
    line: row.line === 0 ? null : row.line,
    source: official?.source ?? null,
    after: row.facts,
    effective: work.input.asOf,
    history:
      official === undefined
        ? null
        : { until: official.day, facts: { ...row.facts, ...official.from, nameEn: null } },
  }
}

const blank = (key: string): PlanItem => ({
  key,
  group: null,
  change: 'new',
  state: 'included',
  basis: 'file',
  source: null,
  line: null,
  organisationId: null,
  before: null,
  after: null,
  effective: null,
  history: null,
  successorCode: null,
})

/** Rows whose code the register knows. */
function compareKnown(work: Work, row: ListRow, renumbered: ReadonlyMap<string, string>): void {
  const known = work.byCode.get(row.facts.code)
  if (known === undefined) return
  work.met.add(known.id)
  const official = work.input.official.find(
    (c): c is Becomes => c.type === 'becomes' && c.day <= work.input.asOf && c.to.code === known.facts.code,
  )
  if (isTakenBack(official, known.facts, row.facts)) {
    work.outdated.push(outdated(row, known.facts))
    return
  }
  const parent = known.facts.parentCode
  const before = { ...known.facts, parentCode: parent === null ? null : (renumbered.get(parent) ?? parent) }
  const difference = compare(before, row.facts)
  if (difference === null) {
    work.unchanged++
    return
  }
  const explains =
    official !== undefined &&
    sameName(official.to.nameJa, row.facts.nameJa) &&
    !isCorrection(difference.change)
  work.items.push({
    ...blank(`row:${row.facts.code}`),
    change: difference.change,
    basis: explains ? 'official' : 'file',
    source: explains ? official.source : null,
    line: row.line,
    organisationId: known.id,
    before: known.facts,
    after: difference.after,
    effective: isCorrection(difference.change) ? null : explains ? official.day : work.input.asOf,
  })
}

/** An old list would undo a change of name that the register has by an official change. */
const isTakenBack = (
  official: Becomes | undefined,
  known: OrganisationFacts,
  row: OrganisationFacts,
): boolean =>
  official !== undefined &&
  official.from.code === official.to.code &&
  sameName(official.to.nameJa, known.nameJa) &&
  sameName(official.from.nameJa, row.nameJa)

/** Organisations that a complete list should name and does not. */
function endMissing(work: Work): void {
  const { input } = work
  if (!input.profile.complete) return
  for (const organisation of input.register.current) {
    if (work.met.has(organisation.id) || !input.profile.covers.includes(organisation.facts.kind)) continue
    work.items.push(endItem(work, organisation))
  }
}

function endItem(work: Work, organisation: Registered): PlanItem {
  const { code } = organisation.facts
  const key = `end:${code}`
  const taker = work.input.rows.find((row) => row.predecessors.includes(code))
  const person = work.input.decisions[key]?.successorCode
  const official = work.input.official.find(
    (c) => c.type === 'reorganised' && c.day <= work.input.asOf && c.ended.some((e) => e.code === code),
  )
  const into =
    official?.type === 'reorganised' ? official.ended.find((e) => e.code === code)?.into : undefined
  const successorCode = person ?? taker?.facts.code ?? into ?? null
  const basis: Basis =
    person !== undefined ? 'person' : taker !== undefined ? 'file' : into !== undefined ? 'official' : 'file'
  return {
    ...blank(key),
    change: successorCode === null ? 'gone' : 'merged_into',
    // A list that was cut short looks like bodies that are gone: only a person can tell.
    state: successorCode === null ? 'needs_confirmation' : 'included',
    basis,
    source: basis === 'official' ? (official?.source ?? null) : null,
    organisationId: organisation.id,
    before: organisation.facts,
    effective: basis === 'official' ? (official?.day ?? work.input.asOf) : work.input.asOf,
    successorCode,
  }
}

/** Applies what a person decided about an item. */
function decided(item: PlanItem, input: PlanInput): PlanItem {
  const decision =
    input.decisions[item.key] ?? (item.group === null ? undefined : input.decisions[item.group])
  if (decision === undefined) return item
  const state =
    decision.verdict === 'skip' ? 'skipped' : decision.verdict === 'accept' ? 'included' : item.state
  return { ...item, state, effective: decision.effective ?? item.effective }
}
