import { evaluateBatch } from '../../guard/batch.ts'
import { type GuardDocument, readDocument } from '../../guard/document/document.ts'
import { mergeDocuments } from '../../guard/document/merge.ts'
import { GuardSyntaxError } from '../../guard/document/problem.ts'
import type { RuleVerdict } from '../../guard/guard.ts'
import { type Finding, findingsOf } from '../../guard/report/findings.ts'
import { type FileReport, fileReport, mergeReports, type ReportSource } from '../../guard/report/report.ts'
import { RankanError } from '../../kernel/errors.ts'
import { type RuleFileReady, syntaxLine } from './compiled.ts'
import type { TextFile } from './files.ts'
import { ruleTraces, type Trace } from './trace.ts'

export interface RuleResult {
  readonly ruleFile: string
  readonly verdicts: readonly RuleVerdict[]
  readonly report: FileReport
  readonly findings: readonly Finding[]
  /** What is said of every rule; made when it is asked for. */
  readonly traces: () => readonly Trace[]
}

/** A data file and what every rule file says of it. */
export interface DataResult {
  readonly name: string
  /** As structured reports name it: from the root, as cfn-guard does. */
  readonly place: string
  readonly report: FileReport
  readonly rules: readonly RuleResult[]
}

/** Input parameters are merged into every document; a member that both have is an error. */
export function readInputs(files: readonly TextFile[]): GuardDocument | null {
  return files
    .map(({ name, text }) => parsed(name, text))
    .reduce<GuardDocument | null>((all, next) => (all === null ? next : mergeDocuments(all, next)), null)
}

function parsed(name: string, text: string): GuardDocument {
  try {
    return readDocument(text)
  } catch (error) {
    if (error instanceof GuardSyntaxError)
      throw new RankanError('invalid', error.code, syntaxLine(name, error))
    throw error
  }
}

/** What the rule files say of every data file. */
export function validateFiles(
  files: readonly TextFile[],
  inputs: GuardDocument | null,
  ruleFiles: readonly RuleFileReady[],
  now: number,
): readonly DataResult[] {
  const documents = files.map(({ name, text }) => {
    const own = parsed(name, text)
    return inputs === null ? own : mergeDocuments(own, inputs)
  })
  const rules = ruleFiles.map((ruleFile) => ruleFile.rules)
  const verdicts = evaluateBatch(rules, documents, { now })
  return documents.map((document, i) =>
    dataResult(files[i] ?? { name: '', text: '' }, document, ruleFiles, verdicts[i] ?? []),
  )
}

function dataResult(
  { name, file }: TextFile,
  document: GuardDocument,
  ruleFiles: readonly RuleFileReady[],
  verdicts: readonly (readonly RuleVerdict[])[],
): DataResult {
  const rules = ruleFiles.map((ruleFile, i) =>
    ruleResult(name, { ruleFile: ruleFile.name, ruleText: ruleFile.text, document }, verdicts[i] ?? []),
  )
  const reports = rules.map(({ report }) => report)
  return { name, place: file ?? name, rules, report: mergeReports(name, reports) }
}

const ruleResult = (name: string, source: ReportSource, verdicts: readonly RuleVerdict[]): RuleResult => ({
  ruleFile: source.ruleFile,
  verdicts,
  report: fileReport(name, source, verdicts),
  findings: findingsOf(source, verdicts),
  traces: () => ruleTraces(source, verdicts),
})
