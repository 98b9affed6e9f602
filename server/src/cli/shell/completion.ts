import type { Command } from 'commander'
import { invalid } from '../../kernel/errors.ts'
import type { CommandGroup } from '../app.ts'

/** `rankan completion bash|zsh|fish`: a script out of the command tree itself, so that it cannot fall behind. */
export const completionCommands: CommandGroup = (program) => {
  program
    .command('completion <shell>')
    .description('completion script for bash, zsh or fish')
    .addHelpText(
      'after',
      '\nbash: eval "$(rankan completion bash)"   zsh: eval "$(rankan completion zsh)"   fish: rankan completion fish | source',
    )
    .action((shell: string) => {
      console.log(completionScript(program, shell))
    })
}

export function completionScript(program: Command, shell: string): string {
  const table = wordTable(program)
  if (shell === 'bash') return bash(table)
  if (shell === 'zsh') return `autoload -U +X bashcompinit && bashcompinit\n${bash(table)}`
  if (shell === 'fish') return fish(table)
  throw invalid(
    'shell_unknown',
    `There is no completion for \`${shell}\`: only \`bash\`, \`zsh\` and \`fish\`.`,
  )
}

/** For each path of commands (`application list`), the words that may follow it. */
type WordTable = ReadonlyMap<string, readonly string[]>

function wordTable(program: Command): WordTable {
  const table = new Map<string, readonly string[]>()
  const visit = (command: Command, path: readonly string[]): void => {
    const words = [
      ...command.commands.map((sub) => sub.name()),
      ...command.options.map((option) => option.long ?? option.short ?? ''),
    ]
    table.set(path.join(' '), words.filter(Boolean))
    for (const sub of command.commands) visit(sub, [...path, sub.name()])
  }
  visit(program, [])
  return table
}

const bash = (table: WordTable) => `_rankan() {
  local path="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ "$word" == -* ]] || path="\${path:+$path }$word"
  done
  local words=""
  case "$path" in
${[...table].map(([path, words]) => `    "${path}") words="${words.join(' ')}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _rankan rankan`

const fish = (table: WordTable) =>
  [...table]
    .flatMap(([path, words]) => {
      const condition =
        path === ''
          ? '__fish_use_subcommand'
          : path
              .split(' ')
              .map((word) => `__fish_seen_subcommand_from ${word}`)
              .join('; and ')
      return words.map((word) =>
        word.startsWith('--')
          ? `complete -c rankan -n '${condition}' -l ${word.slice(2)}`
          : `complete -c rankan -n '${condition}' -a ${word}`,
      )
    })
    .join('\n')
