import type { Command } from 'commander'
import type {
  OrganizationSettings,
  OrganizationSettingsChange,
} from '../../domain/accounts/organization-settings.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Cli } from '../app.ts'

interface Because {
  readonly reason: string
}

/** `rankan aws-org settings|set|unset` */
export function settingCommands(group: Command, cli: () => Cli): void {
  group
    .command('settings <id>')
    .description('how Rankan reaches it, and what it uses there')
    .action(async (id: string) => print(cli(), await cli().api.get<OrganizationSettings>(pathOf(id))))
  withReason(group.command('set <id> <setting> <value>'))
    .description('`hookBucket`: the bucket of the management account for the rules of CloudFormation hooks')
    .action((id: string, setting: string, value: string, because: Because) =>
      change(cli(), id, setting, value, because),
    )
  withReason(group.command('unset <id> <setting>'))
    .description('take a setting away (`hookBucket`)')
    .action((id: string, setting: string, because: Because) => change(cli(), id, setting, null, because))
}

const withReason = (command: Command): Command =>
  command.requiredOption('--reason <text>', 'why; it goes into the ledger')

const pathOf = (id: string) => `/api/aws-organizations/${encodeURIComponent(id)}/settings`

async function change(
  cli: Cli,
  id: string,
  setting: string,
  value: string | null,
  { reason }: Because,
): Promise<void> {
  if (setting !== 'hookBucket')
    throw invalid('unknown_setting', `\`${setting}\` cannot be set here; what can be is \`hookBucket\`.`)
  const body: OrganizationSettingsChange = { hookBucket: value, reason }
  print(cli, await cli.api.send<OrganizationSettings>('PUT', pathOf(id), body))
}

const print = (cli: Cli, settings: OrganizationSettings): void =>
  cli.print(settings, () => [
    `region      ${settings.region ?? '(of the process)'}`,
    `roleArn     ${settings.roleArn ?? '(credentials of the process)'}`,
    `hookBucket  ${settings.hookBucket ?? '(none: no CloudFormation hooks)'}`,
  ])
