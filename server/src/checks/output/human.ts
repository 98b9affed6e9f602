import type { Language } from '../../kernel/text.ts'
import { printable } from '../../kernel/text.ts'
import { counts, type Threshold } from '../counts.ts'
import type { Detail, Finding, Report } from '../finding.ts'
import { SEVERITIES } from '../finding.ts'
import { noteText, WORDS } from './words.ts'

/** The report for people: what, where, why, how to mend, which framework; the gravest first. */
export function humanLines(report: Report, language: Language, threshold: Threshold): readonly string[] {
  const words = WORDS[language]
  const rank = ({ control, verdict }: Finding): number =>
    SEVERITIES.indexOf(control.severity) * 2 + (verdict === 'FAIL' ? 1 : 0)
  const open = report.findings.filter(({ excused }) => excused === null)
  const excused = report.findings.filter((finding) => finding.excused !== null)
  return [
    ...[...open]
      .filter((finding) => !isAdded(finding))
      .sort((a, b) => rank(b) - rank(a))
      .flatMap((finding) => [...findingLines(finding, language, threshold), '']),
    ...addedLines(open.filter(isAdded), language, threshold),
    ...excused.map((finding) => excusedLine(finding, language)),
    ...report.notes.map((note) => printable(noteText(note, language))),
    words.summary({
      documents: report.documents.length,
      resources: report.documents.reduce((n, { resources }) => n + resources, 0),
      controls: report.controls.length,
      fails: open.filter(({ verdict }) => verdict === 'FAIL').length,
      unknowns: open.filter(({ verdict }) => verdict === 'UNKNOWN').length,
      excused: excused.length,
    }),
    ...(open.length === 0 ? [words.clean] : []),
  ]
}

/** About what a macro or a loop adds at deployment, not about a resource of the template. */
const isAdded = ({ verdict, resource }: Finding): boolean =>
  verdict === 'UNKNOWN' && resource?.startsWith('Fn::') === true

/** Nearly every control has the same to say of it, so that one paragraph does. */
function addedLines(
  findings: readonly Finding[],
  language: Language,
  threshold: Threshold,
): readonly string[] {
  const words = WORDS[language]
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.file, finding.stack, finding.resource])
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const mark = group.some((finding) => counts(finding, threshold)) ? '✗' : '·'
    const reasons = new Set(group.flatMap(({ unknowns }) => unknowns.map(({ reason }) => reason)))
    return [
      `${mark} ${placeOf(first)} ${words.verdicts.UNKNOWN} ${first.resource ?? ''}: ${[...reasons].join(' · ')}`,
      ...(first.stack === null ? [] : [`  ${words.stack}: ${first.stack}`]),
      `  ${words.unjudged([...new Set(group.map(({ control }) => control.id))])}`,
      '',
    ].map(printable)
  })
}

const placeOf = ({ file, line, column }: Finding): string => `${file}:${line}:${column}`

function findingLines(finding: Finding, language: Language, threshold: Threshold): readonly string[] {
  const words = WORDS[language]
  const { control, verdict, resource, type, stack, construct, details, unknowns } = finding
  const named = (name: string, value: string | null): readonly string[] =>
    value === null ? [] : [`  ${name}: ${value}`]
  const mark = counts(finding, threshold) ? '✗' : '·'
  return [
    `${mark} ${placeOf(finding)} ${words.verdicts[verdict]} [${words.severities[control.severity]}] ${control.id}: ${control.title[language]}`,
    ...named(
      words.resource,
      resource === null ? words.template : type === null ? resource : `${resource} (${type})`,
    ),
    ...named(words.stack, stack),
    ...named(words.construct, construct),
    ...named(words.why, control.objective[language]),
    ...details.flatMap((detail) => detailLines(detail, verdict, language)),
    ...unknowns.map(({ path, reason }) => `  ${words.notKnown}: ${path}: ${reason}`),
    ...named(words.mend, control.guidance[language]),
    ...named(words.frameworks, frameworksText(finding)),
  ].map(printable)
}

function detailLines(detail: Detail, verdict: Finding['verdict'], language: Language): readonly string[] {
  const words = WORDS[language]
  const { path, found, missing, wanted, message, line, column } = detail
  const what =
    missing !== null
      ? `${words.missing} ${missing}`
      : verdict === 'FAIL' && found !== null
        ? `${words.found} ${found}`
        : ''
  return [
    `  ${line}:${column} ${path}${what === '' ? '' : `: ${what}`} · ${words.wanted} ${wanted}`,
    ...(message === null ? [] : message.split('\n').map((text) => `    ${text}`)),
  ]
}

/** `nist-csf-2.0 PR.DS-01, PR.DS-02 · cis… 2.1` */
export function frameworksText({ control }: Finding): string {
  const all = new Map<string, string[]>()
  for (const { framework, element } of control.frameworks)
    all.set(framework, [...(all.get(framework) ?? []), element])
  return [...all]
    .map(([framework, elements]) => `${framework} ${[...new Set(elements)].join(', ')}`)
    .join(' · ')
}

function excusedLine(finding: Finding, language: Language): string {
  const words = WORDS[language]
  const { excused, control, resource } = finding
  const why =
    excused?.kind === 'waiver'
      ? words.waived(excused.id, excused.approvedBy, excused.expires)
      : words.baseline
  return printable(`- ${placeOf(finding)} ${control.id} ${resource ?? words.template}: ${why}`)
}
