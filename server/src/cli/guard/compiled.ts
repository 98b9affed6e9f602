import path from 'node:path'
import { GuardSyntaxError } from '../../guard/document/problem.ts'
import { type CompiledRules, compileRules } from '../../guard/guard.ts'
import type { TextFile } from './files.ts'

export interface RuleFileReady {
  /** Base name, as cfn-guard's reports have it. */
  readonly name: string
  readonly text: string
  /** Null: nothing but comments. */
  readonly rules: CompiledRules | null
}

export interface Compiled {
  /** Every file in its order: its rules, or why they cannot be parsed. */
  readonly files: readonly (RuleFileReady | string)[]
  readonly ready: readonly RuleFileReady[]
  /** One line for each file that cannot be parsed: `file:line:column: what, and what to do`. */
  readonly errors: readonly string[]
}

export function compileFiles(files: readonly TextFile[]): Compiled {
  const compiled = files.map((file) => compileFile(file))
  return {
    files: compiled,
    ready: compiled.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    errors: compiled.filter((one) => typeof one === 'string'),
  }
}

/**
 * The rules of a file, or the line that says why they cannot be parsed. `named`: the file as the rule of clauses outside
 * of rules tells it, `s3.guard/default`.
 */
export function compileFile({ name, text }: TextFile, named = path.basename(name)): RuleFileReady | string {
  try {
    return { name: path.basename(name), text, rules: compileRules(text, named) }
  } catch (error) {
    if (error instanceof GuardSyntaxError) return syntaxLine(name, error)
    throw error
  }
}

export const syntaxLine = (name: string, { problem }: GuardSyntaxError): string =>
  `${name}:${problem.line}:${problem.column}: ${problem.message}${problem.hint === null ? '' : ` ${problem.hint}`}`
