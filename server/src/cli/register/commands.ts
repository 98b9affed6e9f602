import type { Command } from 'commander'
import type { Cli, CommandGroup } from '../app.ts'
import { type Field, REGISTER_CHANGES, REGISTER_LISTS, type RegisterChange } from './changes.ts'
import { organisation, text } from './values.ts'

const GROUPS: Readonly<Record<string, string>> = {
  system: 'systems of organisations, and the shares of their tenants',
  contract: 'contracts with operator companies',
  contact: 'contacts of organisations',
  person: 'people of organisations',
  role: 'roles of people',
  delegation: 'who decides for whom in absence',
  exception: 'exceptions from rules',
  mail: 'mails to people',
  notice: 'what the product told you',
}

/** `rankan system | contract | contact | person | role | delegation | exception | mail | notice …` */
export const registerCommands: CommandGroup = (program, cli) => {
  for (const [group, does] of Object.entries(GROUPS)) program.command(group).description(does)
  for (const change of REGISTER_CHANGES) {
    const command = below(program, change.command).description(change.does)
    for (const field of change.fields) addOption(command, field)
    command.action(() => send(cli(), change, command))
  }
  for (const { command, does, path } of REGISTER_LISTS)
    below(program, command)
      .description(does)
      .action(() => list(cli(), path))
}

/** `group name <argument>`, below the command of the group. */
function below(program: Command, line: string): Command {
  const [group, ...rest] = line.split(' ')
  const parent = program.commands.find((one) => one.name() === group) ?? program.command(group ?? '')
  return parent.command(rest.join(' '))
}

const flagOf = (field: Field) => `--${field.name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} <value>`
const again = (value: string, before: readonly string[]): readonly string[] => [...before, value]

function addOption(command: Command, field: Field): void {
  if (field.given === 'often') command.option(flagOf(field), field.is, again, [])
  else if (field.given === 'once') command.requiredOption(flagOf(field), field.is)
  else command.option(flagOf(field), field.is)
}

async function send(cli: Cli, change: RegisterChange, command: Command): Promise<void> {
  const given = command.opts<Readonly<Record<string, string | readonly string[] | undefined>>>()
  const body: Record<string, unknown> = {}
  for (const field of change.fields) body[field.name] = await read(cli, field, given[field.name])
  const [method, place] = change.asks.split(' ') as ['POST' | 'PUT' | 'DELETE', string]
  const path = await filled(cli, place, command)
  const answer = await cli.api.send<unknown>(method, path, change.fields.length === 0 ? undefined : body)
  cli.print(answer ?? { done: true }, () => [idOf(answer) ?? 'Done.'])
}

async function read(cli: Cli, field: Field, typed: string | readonly string[] | undefined) {
  if (typed === undefined) return null
  if (typeof typed === 'string') return field.read(cli, typed)
  return Promise.all(typed.map((one) => field.read(cli, one)))
}

/** Each `{}` by the next argument; an organisation may be named by its code. */
async function filled(cli: Cli, place: string, command: Command): Promise<string> {
  let path = place
  for (const [n, argument] of command.registeredArguments.entries()) {
    const take = argument.name() === 'organisation' ? organisation : text
    const value = await take(cli, command.args[n] ?? '')
    path = path.replace('{}', encodeURIComponent(String(value)))
  }
  return path
}

const idOf = (answer: unknown): string | null =>
  typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : null

async function list(cli: Cli, path: string): Promise<void> {
  const answer = await cli.api.get<{ items: readonly object[] }>(path)
  cli.print(answer, () => (answer.items.length === 0 ? ['Nothing.'] : answer.items.map(lineOf)))
}

/** The fields of a row that are one word, in their order. */
const lineOf = (row: object): string =>
  Object.values(row)
    .map(wordOf)
    .filter((word) => word !== '')
    .join('  ')

function wordOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ''
  const named = 'name' in value ? value.name : 'en' in value ? value.en : ''
  return typeof named === 'string' ? named : ''
}
