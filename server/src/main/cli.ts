import { createProgram, errorLines, exitCodeOf } from '../cli/app.ts'
import { makeCli } from './client.ts'
import { commandGroups } from './commands.ts'

const program = createProgram(commandGroups, makeCli)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  if (process.argv.includes('--json')) console.log(JSON.stringify({ error: errorLines(error) }))
  for (const line of errorLines(error)) console.error(line)
  process.exitCode = exitCodeOf(error)
}
// Whatever a part left open (a pool that reconnects) must not keep a finished command alive.
process.exit()
