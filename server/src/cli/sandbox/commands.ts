import type { FaultRequestView, FaultRuleView, SandboxStateView } from '../../domain/sandbox/view.ts'
import { invalid } from '../../kernel/errors.ts'
import type { CommandGroup } from '../app.ts'

const FAULTS = ['throttle', 'fail', 'stick', 'taint', 'drop', 'duplicate', 'delay'] as const

interface FaultOptions {
  readonly at?: string
  readonly service?: string
  readonly operation?: string
  readonly subject?: string
  readonly probability: string
  readonly times?: string
  readonly code: string
  readonly message: string
  readonly delay: string
}

/** `rankan estate …`: the sandbox estate's time and faults (the command `sandbox` runs the estate itself). */
export const sandboxCommands: CommandGroup = (program, cli) => {
  const estate = program.command('estate').description('sandbox estate: state, virtual time, faults, load')
  estate
    .command('state')
    .description('virtual time, organisations, timers, faults')
    .action(async () => {
      const state = await cli().api.get<SandboxStateView>('/api/sandbox/state')
      cli().print(state, () => [
        `virtual time ${state.virtualTime}, ${state.timeScale} times the wall clock`,
        ...state.organizations.map(
          (o) => `${o.organizationId}  ${o.name}  ${o.engine}  accounts ${JSON.stringify(o.accounts)}`,
        ),
        ...state.faults.map(faultLine),
      ])
    })
  estate
    .command('time')
    .description('jump ahead, or change how fast virtual time runs')
    .option('--scale <n>', 'virtual seconds for each second')
    .option('--advance <minutes>', 'jump ahead by so many virtual minutes')
    .action(async (options: { scale?: string; advance?: string }) => {
      const body = {
        ...(options.scale === undefined ? {} : { scale: Number(options.scale) }),
        ...(options.advance === undefined ? {} : { advanceMs: Number(options.advance) * 60_000 }),
      }
      await cli().api.send('POST', '/api/sandbox/time', body)
      cli().print({ done: true, ...body }, () => ['Done.'])
    })
  estate
    .command('fault <kind>')
    .description(`let something go wrong on purpose: ${FAULTS.join(', ')}`)
    .option('--at <point>', 'call, outcome, event or visibility')
    .option('--service <name>', 'signing name, `*` for any')
    .option('--operation <name>', 'operation or event, `*` for any')
    .option('--subject <text>', 'only where the subject holds this')
    .option('--probability <share>', 'share of the fitting ones', '1')
    .option('--times <n>', 'how often at most')
    .option('--code <code>', 'error code of `fail`', 'InternalFailure')
    .option('--message <text>', 'message of `fail` and `taint`', 'Made to fail by a fault of the sandbox.')
    .option('--delay <ms>', 'virtual milliseconds of `delay`', '60000')
    .action(async (kind: string, options: FaultOptions) => {
      const rule = await cli().api.send<FaultRuleView>('POST', '/api/sandbox/faults', request(kind, options))
      cli().print(rule, () => [faultLine(rule)])
    })
  estate
    .command('heal [id]')
    .description('remove one fault, or all')
    .action(async (id?: string) => {
      await cli().api.send(
        'DELETE',
        id === undefined ? '/api/sandbox/faults' : `/api/sandbox/faults/${encodeURIComponent(id)}`,
      )
      cli().print({ done: true }, () => ['Done.'])
    })
  estate
    .command('load <organizationId> <accounts>')
    .description('make accounts at once that no application explains')
    .action(async (organizationId: string, accounts: string) => {
      await cli().api.send('POST', '/api/sandbox/fast-load', { organizationId, accounts: Number(accounts) })
      cli().print({ done: true }, () => ['Done. The next sweep finds them.'])
    })
}

const faultLine = (rule: FaultRuleView) =>
  `${rule.id}  ${rule.fault.do} at ${rule.at} ${rule.service}:${rule.operation}, share ${rule.probability}, struck ${rule.struck} times`

/** Where each kind of fault strikes if nothing else is said. */
const POINTS: Readonly<Record<(typeof FAULTS)[number], FaultRequestView['at']>> = {
  throttle: 'call',
  fail: 'call',
  stick: 'outcome',
  taint: 'outcome',
  drop: 'event',
  duplicate: 'event',
  delay: 'visibility',
}

function request(kind: string, options: FaultOptions): FaultRequestView {
  const known = FAULTS.find((one) => one === kind)
  if (known === undefined)
    throw invalid(
      'fault_unknown',
      `\`${kind}\` is no fault. There are ${FAULTS.map((f) => `\`${f}\``).join(', ')}.`,
    )
  return {
    at: (options.at as FaultRequestView['at'] | undefined) ?? POINTS[known],
    service: options.service ?? '*',
    operation: options.operation ?? '*',
    ...(options.subject === undefined ? {} : { subject: options.subject }),
    probability: Number(options.probability),
    ...(options.times === undefined ? {} : { times: Number(options.times) }),
    fault: faultOf(known, options),
  }
}

function faultOf(kind: (typeof FAULTS)[number], options: FaultOptions): FaultRequestView['fault'] {
  if (kind === 'fail') return { do: kind, code: options.code, message: options.message }
  if (kind === 'taint') return { do: kind, message: options.message }
  if (kind === 'delay') return { do: kind, ms: Number(options.delay) }
  return { do: kind }
}
