import { type GuardDocument, readDocument } from '../../guard/document/document.ts'
import { mergeDocuments } from '../../guard/document/merge.ts'
import { GuardSyntaxError } from '../../guard/document/problem.ts'
import type { RuleVerdict } from '../../guard/guard.ts'
import { type Finding, findingsOf } from '../../guard/report/findings.ts'
import { type FileReport, fileReport, mergeReports } from '../../guard/report/report.ts'
import { RankanError } from '../../kernel/errors.ts'
import { type RuleFileReady, syntaxLine } from './compiled.ts'
import type { TextFile } from './files.ts'

export interface RuleResult {
  readonly ruleFile: string
  readonly verdicts: readonly RuleVerdict[]
  readonly report: FileReport
  readonly findings: readonly Finding[]
}

/** A data file and what every rule file says of it. */
export interface DataResult {
  readonly name: string
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

export function validateFile(
  file: TextFile,
  inputs: GuardDocument | null,
  ruleFiles: readonly RuleFileReady[],
  now: number,
): DataResult {
  const own = parsed(file.name, file.text)
  const document = inputs === null ? own : mergeDocuments(own, inputs)
  const rules = ruleFiles.map((ruleFile): RuleResult => {
    const verdicts = ruleFile.rules?.evaluate(document, { now }) ?? []
    const source = { ruleFile: ruleFile.name, ruleText: ruleFile.text, document }
    return {
      ruleFile: ruleFile.name,
      verdicts,
      report: fileReport(file.name, source, verdicts),
      findings: findingsOf(source, verdicts),
    }
  })
  return {
    name: file.name,
    rules,
    report: mergeReports(
      file.name,
      rules.map(({ report }) => report),
    ),
  }
}
