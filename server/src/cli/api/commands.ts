import { readFile } from 'node:fs/promises'
import { invalid } from '../../kernel/errors.ts'
import type { Cli, CommandGroup } from '../app.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** `rankan api`: any route of the API, signed in as the other commands are. For scripts, and for what no command is for. */
export const apiCommands: CommandGroup = (program, cli) => {
  program
    .command('api <method> <path>')
    .description('ask any route of the API, see `/docs/api` of the server: `rankan api GET /api/frameworks`')
    .option('--file <json>', 'what to send; `-` reads standard input')
    .action((method: string, path: string, { file }: { file?: string }) => ask(cli(), method, path, file))
}

async function ask(cli: Cli, given: string, path: string, file: string | undefined): Promise<void> {
  const method = METHODS.find((one) => one === given.toUpperCase())
  if (method === undefined)
    throw invalid(
      'method',
      `\`${given}\` is no method. There are ${METHODS.map((m) => `\`${m}\``).join(', ')}.`,
    )
  if (!path.startsWith('/api/'))
    throw invalid('path', `The path \`${path}\` must begin with \`/api/\`, as \`/api/applications\`.`)
  const body = file === undefined ? undefined : await jsonOf(file)
  const response = await cli.api.fetch(path, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return cli.print({ text }, () => [text])
  const answer: unknown = JSON.parse(text)
  cli.print(answer, () => [JSON.stringify(answer, null, 2)])
}

async function jsonOf(file: string): Promise<string> {
  const text = await (file === '-' ? standardInput() : readFile(file, 'utf8')).catch(() => null)
  if (text === null) throw invalid('no_such_file', `There is no file \`${file}\` that can be read.`)
  try {
    JSON.parse(text)
  } catch (error) {
    throw invalid('file_not_json', `\`${file}\` is not JSON: ${(error as Error).message}`)
  }
  return text
}

async function standardInput(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
