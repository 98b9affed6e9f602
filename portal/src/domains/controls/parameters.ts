import { defaultsOf, fill, type Values } from '@rankan/server/src/catalog/fill.ts'
import type { Control, ControlRecord, FileForm } from '@rankan/server/src/catalog/record.ts'
import type { ControlDetail } from '@rankan/server/src/catalog/view.ts'

export type Parameters = ControlRecord['parameters']

/** What the reader typed, by parameter: a list has one value on each line. */
export type Typed = Readonly<Record<string, string>>

export const typedDefaults = (parameters: Parameters): Typed =>
  Object.fromEntries(
    Object.entries(defaultsOf(parameters)).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.join('\n'),
    ]),
  )

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Names of parameters without a value. */
export const missingIn = (parameters: Parameters, typed: Typed): readonly string[] =>
  Object.keys(parameters).filter((name) => linesOf(typed[name] ?? '').length === 0)

/** The control with what was typed as its defaults: documents and cases then follow. An empty value leaves the default. */
export function withParameters({ record, documents, cases }: ControlDetail, typed: Typed): Control {
  const parameters = Object.fromEntries(
    Object.entries(record.parameters).map(([name, one]) => {
      const lines = linesOf(typed[name] ?? '')
      if (lines.length === 0) return [name, one]
      return [name, one.type === 'list' ? { ...one, default: lines } : { ...one, default: lines.join(' ') }]
    }),
  )
  return { record: { ...record, parameters }, documents, cases }
}

/** A form as one would hand it to AWS. Guard rules are text; everything else is shown as JSON. */
export function documentText(control: Control, form: FileForm): string {
  const document = control.documents[form.file]
  if (typeof document === 'string') return document
  const values: Values = defaultsOf(control.record.parameters)
  const filled = form.kind === 'ssm-automation' ? document : fill(document, values)
  return JSON.stringify(filled, null, 2) ?? ''
}
