import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { ApplyDetail, ApplyView, ControlStatus } from '../../domain/controls/applies.ts'
import type { ControlPlan, PlanDetail, PlanRequestInput, PlanView } from '../../domain/controls/plans.ts'
import type { ControlSetList, ControlSetView } from '../../domain/controls/sets.ts'
import { invalid, RankanError } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli, CommandGroup } from '../app.ts'

/** `rankan control set|plan|apply|status`: on a server, whose workers read and change AWS. */
export const controlServerCommands: CommandGroup = (program, cli) => {
  const control = program.commands.find((one) => one.name() === 'control') ?? program.command('control')
  setCommands(control.command('set').description('control sets on the server: list, show, put'), cli)
  control
    .command('plan')
    .description('what would change if an OU or the root had a control set; changes nothing')
    .requiredOption('--set <name>', 'the control set')
    .requiredOption('--target <ou>', 'ou-…, r-… or `root`')
    .option('--organization <aws_…>', 'AWS organisation (default: the only one that is connected)')
    .option('--set-version <n>', 'version of the set (default: the latest)')
    .option('--remove', 'plan to take the set off the target')
    .option(
      '--hook <mode>',
      'what a CloudFormation hook does with what fails: warn, or fail after it has warned',
    )
    .action((options: PlanOptions) => plan(cli(), options))
  control
    .command('apply <plan>')
    .description('do exactly what a plan says (cpl_…), and wait for the end')
    .option('--reason <text>', 'why preventive controls go on without the staged rollout')
    .option('--no-wait', 'do not wait')
    .action((id: string, options: { readonly reason?: string; readonly wait: boolean }) =>
      apply(cli(), id, options),
    )
  control
    .command('status [apply]')
    .description('one apply (cap_…) with its steps; or what is applied in an AWS organisation, and drift')
    .option('--organization <aws_…>', 'AWS organisation (default: the only one that is connected)')
    .action((id: string | undefined, options: { readonly organization?: string }) =>
      id === undefined ? status(cli(), options.organization) : showApply(cli(), id),
    )
  control
    .command('retry <apply>')
    .description('go on with an apply at the step that failed')
    .action((id: string) => send(cli(), `${applyPath(id)}/retry`))
  control
    .command('give-up <apply>')
    .description('undo what an apply that needs repair has done')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, { reason }: { readonly reason: string }) =>
      send(cli(), `${applyPath(id)}/give-up`, { reason }),
    )
}

const planPath = (id: string) => `/api/control-plans/${encodeURIComponent(id)}`
const applyPath = (id: string) => `/api/control-applies/${encodeURIComponent(id)}`
const setPath = (name: string) => `/api/control-sets/${encodeURIComponent(name)}`

function setCommands(set: Command, cli: () => Cli): void {
  set
    .command('list')
    .description('every control set, the latest version of each')
    .action(async () => {
      const found = await cli().api.get<ControlSetList>('/api/control-sets')
      cli().print(found, () => found.items.map(setLine))
    })
  set
    .command('show <name>')
    .description('one control set')
    .option('--set-version <n>', 'another version than the latest')
    .action(async (name: string, { setVersion }: { readonly setVersion?: string }) => {
      const query = setVersion === undefined ? '' : `?version=${encodeURIComponent(setVersion)}`
      const found = await cli().api.get<ControlSetView>(`${setPath(name)}${query}`)
      cli().print(found, () => [setLine(found), found.description.en, '', ...found.controls.map(choiceLine)])
    })
  set
    .command('put <name> <file>')
    .description('save the next version: a JSON file with title, description and controls')
    .action(async (name: string, file: string) => {
      const saved = await cli().api.send<ControlSetView>('PUT', setPath(name), jsonIn(file))
      cli().print(saved, () => [setLine(saved)])
    })
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw invalid(
      'unreadable',
      `\`${file}\` cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
}

const setLine = ({ name, version, origin, controls, title }: ControlSetView): string =>
  `${name} ${version}  ${counted(controls.length, 'control')}  ${origin}  ${title.en}`

const choiceLine = ({ control, forms, values }: ControlSetView['controls'][number]): string =>
  [control, forms?.join(','), values === undefined ? undefined : JSON.stringify(values)]
    .filter((one) => one !== undefined)
    .join('  ')

interface PlanOptions {
  readonly set: string
  readonly target: string
  readonly organization?: string
  readonly setVersion?: string
  readonly remove?: boolean
  readonly hook?: string
}

async function organizationIn(cli: Cli, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined) return wanted
  const { items } = await cli.api.get<{ items: readonly { id: string; name: string }[] }>(
    '/api/aws-organizations',
  )
  const [only] = items
  if (only !== undefined && items.length === 1) return only.id
  throw invalid(
    'which_organization',
    `Name the AWS organisation with --organization: ${items.map(({ id, name }) => `\`${id}\` (${name})`).join(', ') || 'none is connected'}.`,
  )
}

function hookModeOf(text: string): 'WARN' | 'FAIL' {
  const mode = text.toUpperCase()
  if (mode === 'WARN' || mode === 'FAIL') return mode
  throw invalid('bad_hook_mode', `\`${text}\` is no mode of a hook: write \`warn\` or \`fail\`.`)
}

async function plan(cli: Cli, options: PlanOptions): Promise<void> {
  const request: PlanRequestInput = {
    awsOrganizationId: await organizationIn(cli, options.organization),
    target: options.target,
    set: options.set,
    action: options.remove === true ? 'remove' : 'put',
    ...(options.hook === undefined ? {} : { hookMode: hookModeOf(options.hook) }),
    ...(options.setVersion === undefined ? {} : { version: Number(options.setVersion) }),
  }
  const { id } = await cli.api.send<PlanView>('POST', '/api/control-plans', request)
  const made = await polled(
    () => cli.api.get<PlanDetail>(planPath(id)),
    ({ state }) => state === 'ready' || state === 'failed',
  )
  cli.print(made, () => planLines(made))
  if (made.error !== null) throw errorOf(made.error)
}

/** A worker answers within seconds. */
const LOOK_EVERY_MS = 500

async function polled<T>(look: () => Promise<T>, isOver: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look()
    if (isOver(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

const errorOf = ({ code, message, issues }: NonNullable<PlanDetail['error']>) =>
  new RankanError('invalid', code, message, { issues })

function planLines({ id, state, plan: made, awsOrganizationId }: PlanDetail): readonly string[] {
  if (made === null) return [`${id}  ${state}`]
  const { target, landingZone, steps } = made
  return [
    `${id}  ${awsOrganizationId}  ${target.name} (${target.id})  ${landingZone ? 'landing zone' : 'no landing zone'}`,
    '',
    ...(steps.length === 0
      ? ['Nothing would change.']
      : steps.map(({ number, words }) => `${String(number).padStart(3)}. ${words.en}`)),
    '',
    ...made.quotas
      .filter(({ what }) => what === 'policies_per_target' || what === 'pack_rules')
      .map(({ what, of, after, limit, left }) => `${what} ${of}: ${after} of ${limit}, ${left} left`),
    ...policyLines(made),
    ...made.drift.map(({ words }) => `Drift: ${words.en}`),
    ...made.notes.map(({ en }) => `Note: ${en}`),
    ...(made.preventive ? [`Preventive controls go on: rankan control apply ${id} --reason "…"`] : []),
  ]
}

const policyLines = ({ policies }: ControlPlan): readonly string[] =>
  policies.map(
    ({ kind, name, characters, maxCharacters, statements, controls }) =>
      `${kind} ${name}: ${characters} of ${maxCharacters} characters, ${counted(statements.length, 'statement')} for ${controls.join(', ')}`,
  )

async function apply(
  cli: Cli,
  id: string,
  { reason, wait }: { readonly reason?: string; readonly wait: boolean },
): Promise<void> {
  const body = reason === undefined ? {} : { reason }
  const begun = await cli.api.send<ApplyView>('POST', `${planPath(id)}/apply`, body)
  if (!wait) return cli.print(begun, () => [applyLine(begun)])
  const bar = cli.progress(begun.steps)
  await polled(
    async () => {
      const seen = await cli.api.get<ApplyDetail>(applyPath(begun.id))
      bar.update(seen.stepsDone, seen.state)
      return seen
    },
    ({ state }) => !['queued', 'running', 'giving_up'].includes(state),
  ).finally(() => bar.stop())
  await showApply(cli, begun.id)
}

async function showApply(cli: Cli, id: string): Promise<void> {
  const seen = await cli.api.get<ApplyDetail>(applyPath(id))
  cli.print(seen, () => [applyLine(seen), ...seen.stepList.map(stepLine)])
  const kind = seen.state === 'refused' ? 'conflict' : 'invalid'
  if (seen.error !== null) throw new RankanError(kind, seen.error.code, seen.error.message)
}

const applyLine = ({
  id,
  state,
  awsOrganizationId,
  targetName,
  set,
  version,
  stepsDone,
  steps,
}: ApplyView): string =>
  `${id}  ${state}  ${awsOrganizationId}  ${targetName}  ${set} ${version}  ${stepsDone} of ${counted(steps, 'step')}`

const stepLine = ({ number, state, attempts, words, error }: ApplyDetail['stepList'][number]): string =>
  `${String(number).padStart(3)}. ${state.padEnd(8)} ${words.en}${attempts > 1 ? ` (${attempts} attempts)` : ''}${error === null ? '' : `: ${error.message}`}`

async function status(cli: Cli, wanted: string | undefined): Promise<void> {
  const id = await organizationIn(cli, wanted)
  const seen = await cli.api.get<ControlStatus>(`/api/aws-organizations/${encodeURIComponent(id)}/controls`)
  cli.print(seen, () => [
    ...seen.targets.map(
      ({ target, name, sets }) =>
        `${name ?? '(gone)'} (${target}): ${sets.map((one) => `${one.name} ${one.version}`).join(', ')}`,
    ),
    ...seen.policies.map(
      ({ kind, name, target, controls }) => `${kind} ${name} on ${target}: ${controls.join(', ')}`,
    ),
    ...seen.carriers.map(
      ({ part, name, target, controls }) => `${part} ${name} on ${target}: ${controls.join(', ')}`,
    ),
    ...seen.drift.map(({ words, proposal }) => `Drift: ${words.en}. ${proposal.en}`),
    seen.readAt === null ? 'No sweep since the last apply: drift is not known.' : `Read at ${seen.readAt}.`,
  ])
  if (seen.drift.length > 0) process.exitCode = 4
}

async function send(cli: Cli, path: string, body: object = {}): Promise<void> {
  const seen = await cli.api.send<ApplyView>('POST', path, body)
  cli.print(seen, () => [applyLine(seen)])
}
