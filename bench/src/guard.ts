import { spawnSync } from 'node:child_process'
import { seededRandom } from '../../server/src/kernel/random.ts'
import { BINARY, controlTowerRules, noBinary } from '../../server/test/guard/official.ts'
import { templatesFor } from '../../server/test/guard/templates.ts'
import { ITEM_RULES, itemTexts } from './guard-items.ts'
import { loadServerFile } from './server.ts'

type Guard = typeof import('../../server/src/guard/guard.ts')
type Batch = typeof import('../../server/src/guard/batch.ts')
type Documents = typeof import('../../server/src/guard/document/document.ts')
type Rules = NonNullable<ReturnType<Guard['compileRules']>>

export interface GuardOptions {
  readonly seed: number
  /** Resources in the templates, for each rule. */
  readonly resources: number
  /** Configuration items. */
  readonly items: number
}

const RESOURCES_OF_A_TEMPLATE = 30
/** Each part runs this often; the fastest counts, because the machine is shared. */
const TIMES = 5

/**
 * The 237 Control Tower rules on templates grown from them, by our engine and by the native one: in each case the texts of
 * rules and templates are parsed, every rule is evaluated on every template, and every failed clause is found. All
 * figures are per second of processor time of one core. An evaluation is one rule on one resource.
 */
export async function guardBench({ seed, resources, items }: GuardOptions): Promise<object> {
  if (noBinary !== null) throw new Error(noBinary)
  const { compileRules } = await loadServerFile<Guard>('guard/guard.js')
  const { evaluateBatch } = await loadServerFile<Batch>('guard/batch.js')
  const { readDocument } = await loadServerFile<Documents>('guard/document/document.js')
  const texts = controlTowerRules().map(({ text }) => text)
  const rules = texts.flatMap((text) => compileRules(text) ?? [])
  const templates = templatesOf(texts, rules, resources, seed)
  const documents = templates.map((template) => JSON.stringify(template))
  const evaluations =
    rules.length * templates.reduce((n, { Resources }) => n + Object.keys(Resources).length, 0)

  const compileAll = () => texts.map((text) => compileRules(text))
  const compileS = fastest(compileAll)
  const wholeS = fastest(() => evaluateBatch(compileAll(), documents.map(readDocument)))
  const evaluateS = fastest(() => evaluateBatch(rules, documents.map(readDocument)))
  const native = nativeRun(texts, documents)
  const { agreement, disagreements } = compared(rules, documents.map(readDocument), native.reports)
  const perItem = await itemRates(compileRules, items, seed)
  const rate = Math.round(evaluations / wholeS)
  const nativeRate = Math.round(evaluations / native.seconds)
  return {
    rules: rules.length,
    documents: documents.length,
    evaluations,
    compile_ms: Math.round(compileS * 1000),
    evaluations_per_s: rate,
    native_evaluations_per_s: nativeRate,
    ratio: Math.round((10 * rate) / nativeRate) / 10,
    ratio_with_compiled_rules: Math.round((10 * evaluations) / evaluateS / nativeRate) / 10,
    ...perItem,
    agreement,
    disagreements,
  }
}

/** Seconds of processor time of this process, the least of several runs. */
function fastest(run: () => unknown): number {
  const times = Array.from({ length: TIMES }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  })
  return Math.min(...times)
}

interface Template {
  readonly Resources: Readonly<Record<string, unknown>>
}

/** Templates of thirty resources, good and bad, on which no rule gives up: the native engine would stop altogether. */
function templatesOf(
  texts: readonly string[],
  rules: readonly Rules[],
  each: number,
  seed: number,
): readonly Template[] {
  const found = texts.flatMap((text, i) =>
    templatesFor(text, 3 * each + 4, seed * 1000 + i)
      .flatMap((t) => Object.values((t as { Resources?: Record<string, unknown> }).Resources ?? {}))
      .filter((resource) => typeof (resource as { Type?: unknown } | null)?.Type === 'string')
      .filter((resource) => evaluable(rules, { Resources: { A: resource } }))
      .slice(-each),
  )
  const count = Math.ceil(found.length / RESOURCES_OF_A_TEMPLATE)
  return Array.from({ length: count }, (_, i) => ({
    Resources: Object.fromEntries(
      found.filter((_r, n) => n % count === i).map((r, n) => [`Resource${n}`, r]),
    ),
  }))
}

function evaluable(rules: readonly Rules[], template: Template): boolean {
  try {
    for (const rule of rules) rule.verdicts(JSON.parse(JSON.stringify(template)))
    return true
  } catch {
    return false
  }
}

interface NativeReport {
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[]
  readonly not_applicable: readonly string[]
  readonly compliant: readonly string[]
}

function nativeRun(
  rules: readonly string[],
  data: readonly string[],
): { seconds: number; reports: readonly NativeReport[] } {
  const input = JSON.stringify({ rules, data })
  let seconds = Number.POSITIVE_INFINITY
  let reports: readonly NativeReport[] = []
  for (let i = 0; i < Math.min(3, TIMES); i++) {
    const script = 'TIMEFORMAT="%U %S"; time "$0" validate --payload --structured -o json -S none'
    const { stdout, stderr } = spawnSync('bash', ['-c', script, BINARY], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    const [user, system] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
    seconds = Math.min(seconds, (user ?? Number.NaN) + (system ?? Number.NaN))
    reports = JSON.parse(stdout) as readonly NativeReport[]
  }
  return { seconds, reports }
}

/** Names of rules by verdict of each document must be the same. */
function compared(
  rules: readonly Rules[],
  documents: readonly ReturnType<Documents['readDocument']>[],
  reports: readonly NativeReport[],
): { agreement: number; disagreements: number } {
  let agreement = 0
  let disagreements = 0
  documents.forEach((document, i) => {
    const own = new Set(
      rules.flatMap((r) => r.evaluate(document).map(({ rule, verdict }) => `${rule} ${verdict}`)),
    )
    const report = reports[i]
    const official = new Set([
      ...(report?.not_compliant ?? []).map(({ Rule }) => `${Rule.name} FAIL`),
      ...(report?.not_applicable ?? []).map((name) => `${name} SKIP`),
      ...(report?.compliant ?? []).map((name) => `${name} PASS`),
    ])
    for (const verdict of new Set([...own, ...official]))
      if (own.has(verdict) && official.has(verdict)) agreement += 1
      else disagreements += 1
  })
  return { agreement, disagreements }
}

/** Ten rules on configuration items, parsing included, against `JSON.parse` alone. */
async function itemRates(compileRules: Guard['compileRules'], items: number, seed: number): Promise<object> {
  const texts = itemTexts(items, seededRandom(seed))
  const rules = ITEM_RULES.flatMap((text) => compileRules(text) ?? [])
  let failed = 0
  const parseS = fastest(() => {
    for (const text of texts) JSON.parse(text)
  })
  const itemS = fastest(() => {
    failed = 0
    for (const text of texts) {
      const item = JSON.parse(text)
      for (const rule of rules) for (const verdict of rule.verdicts(item)) if (verdict === 'FAIL') failed += 1
    }
  })
  return {
    item_rules: rules.length,
    item_bytes: Math.round(texts.reduce((n, t) => n + t.length, 0) / texts.length),
    items_failed: Math.round((1000 * failed) / texts.length) / 1000,
    items_per_s: Math.round(texts.length / itemS),
    json_parse_items_per_s: Math.round(texts.length / parseS),
  }
}
