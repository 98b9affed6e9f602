import { apiCommands } from '../cli/api/commands.ts'
import type { CommandGroup } from '../cli/app.ts'
import { applicationCommands } from '../cli/applications/commands.ts'
import { checkCommands } from '../cli/check/commands.ts'
import { controlCommands } from '../cli/control/commands.ts'
import { controlServerCommands } from '../cli/control/server.ts'
import { estateCommands } from '../cli/estate/commands.ts'
import { guardCommands } from '../cli/guard/commands.ts'
import { ledgerCommands } from '../cli/ledger/commands.ts'
import { organisationCommands } from '../cli/organisations/commands.ts'
import { policyCommands } from '../cli/policy/commands.ts'
import { registerCommands } from '../cli/register/commands.ts'
import { replayCommands } from '../cli/replay/commands.ts'
import { trailCommands } from '../cli/replay/follow.ts'
import { replaysCommands } from '../cli/replays/commands.ts'
import { sandboxCommands } from '../cli/sandbox/commands.ts'
import { completionCommands } from '../cli/shell/completion.ts'
import { processes } from './processes.ts'
import { trailPlaces } from './trail-places.ts'

/** Everything that `rankan` knows. */
export const commandGroups: readonly CommandGroup[] = [
  processes,
  organisationCommands,
  registerCommands,
  applicationCommands,
  estateCommands,
  ledgerCommands,
  policyCommands,
  controlCommands,
  controlServerCommands,
  guardCommands,
  checkCommands,
  replayCommands(trailPlaces),
  trailCommands(trailPlaces),
  replaysCommands,
  sandboxCommands,
  apiCommands,
  completionCommands,
]
