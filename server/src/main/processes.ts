import type { Command } from 'commander'
import type { CommandGroup } from '../cli/app.ts'
import { type Config, readConfig } from './config.ts'

export const PROCESSES: readonly string[] = ['start', 'serve', 'worker', 'sandbox', 'migrate']

/** Commands that are the product itself. Each is loaded when it is called: `rankan --help` needs no AWS client. */
export const processes: CommandGroup = (program: Command) => {
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
