import { GuardSyntaxError } from '../guard/document/problem.ts'
import type { GuardValue } from '../guard/document/value.ts'
import { RankanError } from '../kernel/errors.ts'
import { printable } from '../kernel/text.ts'
import { assemblyTemplates, type ReadFile } from '../templates/cdk/assembly.ts'
import type { GivenValues } from '../templates/cloudformation/parameters.ts'
import { cloudFormationDocument } from '../templates/cloudformation/template.ts'
import { kindOfTemplate, readTemplateText, type TemplateDocument } from '../templates/document.ts'
import { terraformDocument } from '../templates/terraform/plan.ts'

/** A template or a plan, ready for rules. */
export interface Input {
  readonly file: string
  readonly stack: string | null
  readonly kind: 'cloudformation' | 'terraform-plan'
  readonly document: TemplateDocument
}

/** Stacks are deployed in the ordinary partition unless somebody says otherwise. */
const USUAL: GivenValues = { 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com' }

/** What a file is; null: nothing that can be checked. @throws {RankanError} naming file, line and column */
export function inputOf(file: string, text: string, given: GivenValues): Input | null {
  return named(file, () => {
    const source = readTemplateText(text)
    const kind = kindOfTemplate(source.value)
    if (kind === 'terraform-plan') return { file, stack: null, kind, document: terraformDocument(source) }
    if (kind !== 'cloudformation') return null
    return { file, stack: null, kind, document: cloudFormationDocument(source, { ...USUAL, ...given }) }
  })
}

/** The stacks of a cloud assembly; `folder` goes before the names of its files. */
export function inputsOfAssembly(folder: string, read: ReadFile, given: GivenValues): readonly Input[] {
  return named(folder, () =>
    assemblyTemplates(read, { ...USUAL, ...given }).map(({ file, stack, document }) => ({
      file: `${folder}/${file}`,
      stack,
      kind: 'cloudformation' as const,
      document,
    })),
  )
}

/** Whether a text that cannot be read was meant as a template: then it must not be passed over. */
export const looksLikeTemplate = (text: string): boolean =>
  /AWSTemplateFormatVersion|["']?Type["']?\s*:\s*["']?AWS::|"resource_changes"/.test(text)

function named<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof GuardSyntaxError) {
      const { line, column, message, hint } = error.problem
      throw new RankanError(
        'invalid',
        error.code,
        `${file}:${line}:${column}: ${message}${hint === null ? '' : ` ${hint}`}`,
      )
    }
    if (error instanceof RankanError)
      throw new RankanError(error.kind, error.code, `${file}: ${error.message}`)
    throw error
  }
}

/** `Name=Value` of the command line. */
export function givenValues(pairs: readonly string[]): GivenValues {
  const values: Record<string, GuardValue> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at <= 0)
      throw new RankanError(
        'invalid',
        'bad_parameter',
        `\`${printable(pair)}\` is no parameter. Write \`Name=Value\`.`,
      )
    values[pair.slice(0, at)] = pair.slice(at + 1)
  }
  return values
}
