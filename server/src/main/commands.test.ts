import { spawnSync } from 'node:child_process'
import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { createProgram } from '../cli/app.ts'
import { completionScript } from '../cli/shell/completion.ts'
import { commandGroups } from './commands.ts'

const program = createProgram(commandGroups, () => {
  throw new Error('No command runs here.')
})

/** Every command with the words that lead to it. */
const tree = (command: Command, before: readonly string[]): readonly (readonly [string[], Command])[] =>
  command.commands.flatMap((one) => {
    const words = [...before, one.name()]
    return [[words, one] as const, ...tree(one, words)]
  })
const COMMANDS = tree(program, ['rankan'])
const groups: readonly (readonly [readonly string[], Command])[] = [[['rankan'], program], ...COMMANDS]

/** What bash offers after each of the lines, one list for each. */
function offered(lines: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const ask = (words: readonly string[]) =>
    `COMP_WORDS=(${words.map((w) => `"${w}"`).join(' ')} ""); COMP_CWORD=${words.length}; _rankan; echo "\${COMPREPLY[*]}"`
  const script = [completionScript(program, 'bash'), ...lines.map(ask)].join('\n')
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' })
  return stdout.split('\n').map((line) => line.split(' ').filter(Boolean))
}

it('the shell completes every command', () => {
  const parents = groups.filter(([, command]) => visible(command).length > 0)
  expect(parents.length).toBeGreaterThan(20)
  const answers = offered(parents.map(([words]) => words))
  for (const [n, [words, command]] of parents.entries())
    for (const name of visible(command)) expect(answers[n], words.join(' ')).toContain(name)
})

/** Default sub-commands are hidden: nobody types their names. */
const visible = (command: Command): readonly string[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name())
    .filter((name) => name !== 'help')

it('every command says what it does', () => {
  // The default of `apply` is hidden: `rankan apply --file …`.
  for (const [words, command] of COMMANDS)
    if (words.at(-1) !== 'file') expect(command.description(), words.join(' ')).not.toBe('')
})
