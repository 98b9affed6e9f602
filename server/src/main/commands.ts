import type { Command } from 'commander'
import type { CommandGroup } from '../cli/app.ts'
import { applicationCommands } from '../cli/applications/commands.ts'
import { controlCommands } from '../cli/control/commands.ts'
import { estateCommands } from '../cli/estate/commands.ts'
import { guardCommands } from '../cli/guard/commands.ts'
import { ledgerCommands } from '../cli/ledger/commands.ts'
import { organisationCommands } from '../cli/organisations/commands.ts'
import { policyCommands } from '../cli/policy/commands.ts'
import { replayCommands } from '../cli/replay/commands.ts'
import { trailCommands } from '../cli/replay/follow.ts'
import { replaysCommands } from '../cli/replays/commands.ts'
import { sandboxCommands } from '../cli/sandbox/commands.ts'
import { completionCommands } from '../cli/shell/completion.ts'
import { type Config, readConfig } from './config.ts'
import { trailPlaces } from './trail-places.ts'

/** Commands that are the product itself. Each is loaded when it is called: `rankan --help` needs no AWS client. */
const processes: CommandGroup = (program: Command) => {
  const add = (name: string, description: string, run: (config: Config) => Promise<void>) =>
    program
      .command(name)
      .description(description)
      .action(() => run(readConfig(process.env)))
  add('start', 'database, sandbox estate, API, portal and worker, all in one', async (config) =>
    (await import('./commands/start.ts')).startCommand(config),
  )
  add('serve', 'API and portal (needs RANKAN_DATABASE_URL)', async (config) =>
    (await import('./commands/serve.ts')).serveCommand(config),
  )
  add('worker', 'workflows and what goes on by itself (needs RANKAN_DATABASE_URL)', async (config) =>
    (await import('./commands/worker.ts')).workerCommand(config),
  )
  add('sandbox', 'the embedded AWS estate alone', async (config) =>
    (await import('./commands/sandbox.ts')).sandboxCommand(config),
  )
  add('migrate', 'bring the database to this version (needs RANKAN_DATABASE_URL)', async (config) =>
    (await import('./commands/migrate.ts')).migrateCommand(config),
  )
}

export const commandGroups: readonly CommandGroup[] = [
  processes,
  organisationCommands,
  applicationCommands,
  estateCommands,
  ledgerCommands,
  policyCommands,
  controlCommands,
  guardCommands,
  replayCommands(trailPlaces),
  trailCommands(trailPlaces),
  replaysCommands,
  sandboxCommands,
  completionCommands,
]
