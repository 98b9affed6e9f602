import type { CommandGroup } from '../cli/app.ts'
import { createProgram, errorLines, exitCodeOf, isSaid } from '../cli/app.ts'
import { makeCli } from './client.ts'
import { drained } from './drained.ts'
import { PROCESSES, processes } from './processes.ts'

// The parts of the product start without the policy engine and the other commands, which take as long to load as all else.
const wanted = process.argv[2] ?? ''
const groups = PROCESSES.includes(wanted) ? [processes] : await commandsFor(wanted)
const program = createProgram(groups, makeCli)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitCodeOf(error)
  const lines = errorLines(error)
  if (process.exitCode !== 0 && process.argv.includes('--json')) console.log(JSON.stringify({ error: lines }))
  if (!isSaid(error)) for (const line of lines) console.error(line)
}
await drained([process.stdout, process.stderr])
// Whatever a part left open (a pool that reconnects) must not keep a finished command alive.
process.exit()

/** Checks run in hooks of a repository on every commit, so they load themselves only. */
async function commandsFor(name: string): Promise<readonly CommandGroup[]> {
  if (name === 'check') return [(await import('../cli/check/commands.ts')).checkCommands]
  if (name === 'guard') return [(await import('../cli/guard/commands.ts')).guardCommands]
  return (await import('./commands.ts')).commandGroups
}
