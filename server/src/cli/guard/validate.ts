import { evaluateBatch } from '../../guard/batch.ts'
import { type GuardDocument, readDocument } from '../../guard/document/document.ts'
import { mergeDocuments } from '../../guard/document/merge.ts'
import { GuardSyntaxError } from '../../guard/document/problem.ts'
import type { RuleVerdict } from '../../guard/guard.ts'
import { type Finding, findingsOf } from '../../guard/report/findings.ts'
import { type FileReport, fileReport, mergeReports, type ReportSource } from '../../guard/report/report.ts'
import type { FileTrace } from '../../guard/report/trace.ts'
import { RankanError } from '../../kernel/errors.ts'
import { type RuleFileReady, syntaxLine } from './compiled.ts'
import type { TextFile } from './files.ts'

export interface RuleResult {
  readonly ruleFile: string
  readonly verdicts: readonly RuleVerdict[]
  readonly report: FileReport
  readonly findings: readonly Finding[]
  /** How the rules came to their verdicts; made when it is asked for. Null for a file without rules. */
  readonly trace: () => FileTrace | null
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
    dataResult(files[i] ?? { name: '', text: '' }, document, ruleFiles, verdicts[i] ?? [], now),
  )
}

function dataResult(
  { name, file }: TextFile,
  document: GuardDocument,
  ruleFiles: readonly RuleFileReady[],
  verdicts: readonly (readonly RuleVerdict[])[],
  now: number,
): DataResult {
  const place = file ?? name
  const rules = ruleFiles.map((ruleFile, i) =>
    ruleResult({ name, place }, ruleFile, document, verdicts[i] ?? [], now),
  )
  const reports = rules.map(({ report }) => report)
  return { name, place, rules, report: mergeReports(name, reports) }
}

function ruleResult(
  { name, place }: { readonly name: string; readonly place: string },
  { name: ruleFile, text: ruleText, rules }: RuleFileReady,
  document: GuardDocument,
  verdicts: readonly RuleVerdict[],
  now: number,
): RuleResult {
  const source: ReportSource = { ruleFile, ruleText, document }
  return {
    ruleFile,
    verdicts,
    report: fileReport(name, source, verdicts),
    findings: findingsOf(source, verdicts),
    trace: () => (rules === null ? null : { source, name: place, rules: rules.trace(document, { now }) }),
  }
}
