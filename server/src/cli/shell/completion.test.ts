import { spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { completionScript } from './completion.ts'

const program = () => {
  const root = new Command('rankan').option('--json')
  const application = root.command('application')
  application.command('list').option('--state <state>')
  application.command('show <id>')
  root.command('start')
  return root
}

/** What bash offers at the end of that line. */
function offered(line: string): readonly string[] {
  const words = line.split(' ')
  const script = `${completionScript(program(), 'bash')}
COMP_WORDS=(${words.map((w) => `"${w}"`).join(' ')}); COMP_CWORD=${words.length - 1}; _rankan; printf '%s\\n' "\${COMPREPLY[@]}"`
  return spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' }).stdout.split('\n').filter(Boolean)
}

describe('shell completion', () => {
  it('offers commands, their sub-commands and options', () => {
    expect(offered('rankan st')).toEqual(['start'])
    expect(offered('rankan application ')).toEqual(['list', 'show'])
    expect(offered('rankan --json application list --')).toEqual(['--state'])
  })

  it('refuses a shell that it does not know', () => {
    expect(() => completionScript(program(), 'tcsh')).toThrow(/`tcsh`/)
  })
})
