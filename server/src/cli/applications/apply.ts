import { readFile } from 'node:fs/promises'
import { APPLICATION_LIMITS as L } from '../../domain/applications/limits.ts'
import { sampleVendForm } from '../../domain/applications/sample.ts'
import type { ApplicationView, BatchView, CheckView } from '../../domain/applications/view.ts'
import { invalid } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli } from '../app.ts'
import { verdictLine } from './lines.ts'

async function readInput(file: string, limit: number): Promise<Buffer> {
  const bytes = file === '-' ? await readAll() : await readFile(file).catch(() => null)
  if (bytes === null) throw invalid('no_such_file', `There is no file \`${file}\` that can be read.`)
  if (bytes.length > limit)
    throw invalid('file_too_large', `\`${file}\` has ${bytes.length} bytes; at most ${limit} are read.`)
  return bytes
}

async function readAll(): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** An application out of a file; what is no JSON is answered with an example. */
export async function readJson(file: string): Promise<unknown> {
  const text = (await readInput(file, L.draftBytes * 4)).toString('utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(
      'file_not_json',
      `\`${file}\` is not JSON: ${(error as Error).message}. An example:\n${example()}`,
    )
  }
}

const example = () => JSON.stringify(sampleVendForm(), null, 2)

/** One application from a JSON file: submitted at once, kept as a draft, or only checked. */
export async function applyFile(
  cli: Cli,
  options: { readonly file?: string; readonly draft?: boolean; readonly check?: boolean },
): Promise<void> {
  if (options.file === undefined)
    throw invalid('file_missing', `Name the application with --file app.json. An example:\n${example()}`)
  const form = await readJson(options.file)
  if (options.check) {
    const seen = await cli.api.send<CheckView>('POST', '/api/applications/check', { form })
    cli.print(seen, () => [
      ...seen.verdicts.map(verdictLine),
      ...seen.issues.map((i) => `  x ${i.path.join('.')}: ${i.message}`),
      ...seen.plannedNames.map((n) => `  = ${n.name} <${n.email}>`),
    ])
    if (seen.issues.length > 0 || seen.verdicts.some((v) => v.outcome === 'fail' && !v.exception))
      process.exitCode = 2
    return
  }
  const view = await cli.api.send<ApplicationView>('POST', '/api/applications', {
    form,
    submit: !options.draft,
  })
  cli.print(view, () => [`${view.id}: ${view.state}`])
}

/** A batch file: every error with its row and column, or every application with its id. */
export async function applyBatch(cli: Cli, file: string, check: boolean): Promise<void> {
  const bytes = await readInput(file, L.batchBytes)
  const answer = await cli.api.upload<BatchView>(`/api/applications/batch?check=${check}`, bytes, 'text/csv')
  cli.print(answer, () => batchLines(answer))
  if (answer.errors.length > 0) process.exitCode = 2
}

function batchLines(answer: BatchView): readonly string[] {
  const errors = answer.errors.map(
    (e) =>
      `row ${e.row}${e.column ? `, column \`${e.column}\`` : ''}${e.key ? ` (${e.key})` : ''}: ${e.message.en}`,
  )
  if (errors.length > 0)
    return [
      ...errors,
      `Nothing was accepted: ${counted(errors.length, 'error')} in ${counted(answer.rows, 'row')}.`,
    ]
  if (answer.checkedOnly)
    return [`The file is sound: ${answer.applications.length} applications in ${answer.rows} rows.`]
  return [
    ...answer.applications.map((a) => `${a.key}: ${a.id}`),
    `Accepted ${counted(answer.applications.length, 'application')} as ${answer.batchId}.`,
  ]
}

export async function writeTemplate(cli: Cli, language: string): Promise<void> {
  const response = await cli.api.fetch(
    `/api/applications/template?language=${language === 'en' ? 'en' : 'ja'}`,
  )
  const text = await response.text()
  cli.print({ csv: text }, () => [text.trimEnd()])
}
