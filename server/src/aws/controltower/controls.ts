import type { TowerEffect } from '../../domain/controls/effects.ts'
import type { SeenControl, TowerSight } from '../../domain/controls/world.ts'
import { bug, conflict } from '../../kernel/errors.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'
import type { Begun, ControlPort, Operation, OperationState } from '../../ports/controls.ts'
import type { Connection } from '../connection.ts'
import { once, paged } from '../pages.ts'
import {
  type CatalogueControl,
  DisableControlCommand,
  EnableControlCommand,
  type EnabledControl,
  GetControlOperationCommand,
  GetEnabledControlCommand,
  ListControlsCommand,
  ListEnabledControlsCommand,
  ResetEnabledControlCommand,
  UpdateEnabledControlCommand,
} from './declared-controls.ts'
import type { ControlTowerReader } from './read.ts'

type Tower = Connection['controlTower']
type Enable = Extract<TowerEffect, { do: 'enable_control' }>
type Disable = Extract<TowerEffect, { do: 'disable_control' }>

/** Controls of Control Tower on OUs of a landing zone. */
export function towerControls(
  tower: Tower,
  catalogue: Connection['controlCatalog'],
  read: ControlTowerReader,
): ControlPort<TowerSight, TowerEffect> {
  const offered = once(() => offeredControls(catalogue))
  return {
    async read() {
      return (await read.hasLandingZone()) ? sight(tower, await offered()) : null
    },
    async begin(effect, again = true) {
      const target = await read.arnOf('ou', effect.target)
      const there = again ? await enabledOn(tower, effect.control, target) : null
      return effect.do === 'enable_control'
        ? enable(tower, effect, target, there)
        : disable(tower, effect, target, there)
    },
    look: (operation) => lookAt(tower, operation),
  }
}

/** Everything that Control Tower offers, by ARN; it changes with releases of AWS only. */
async function offeredControls(
  client: Connection['controlCatalog'],
): Promise<ReadonlyMap<string, CatalogueControl>> {
  const found = new Map<string, CatalogueControl>()
  const all = paged(async (NextToken) => {
    const page = await client.send(new ListControlsCommand({ NextToken, MaxResults: 100 }))
    return { items: page.Controls, next: page.NextToken }
  })
  for await (const one of all) if (one.Arn !== undefined) found.set(one.Arn, one)
  return found
}

async function sight(tower: Tower, offered: ReadonlyMap<string, CatalogueControl>): Promise<TowerSight> {
  const byAlias: Record<string, string> = {}
  for (const [arn, { Aliases }] of offered) for (const alias of Aliases ?? []) byAlias[alias] = arn
  const enabled: SeenControl[] = []
  const all = paged(async (nextToken) => {
    const page = await tower.send(new ListEnabledControlsCommand({ nextToken }))
    return { items: page.enabledControls, next: page.nextToken }
  })
  for await (const one of all) {
    const control = knownArn(one.controlIdentifier ?? '', byAlias)
    // The list has no parameters; most controls take none, so only the others are asked for.
    const takes = offered.get(control)?.ParameterRequirementSummary !== 'NONE'
    const parameters = takes ? await parametersOf(tower, one.arn ?? '') : {}
    enabled.push({ ...seen(one), control, parameters })
  }
  return { offered: byAlias, enabled }
}

/** Control Tower also names a control by an older ARN of its own, which ends in the alias for the first controls. */
const knownArn = (arn: string, byAlias: Readonly<Record<string, string>>) =>
  byAlias[arn.split('/').at(-1) ?? ''] ?? arn

const seen = (one: EnabledControl): Omit<SeenControl, 'control' | 'parameters'> => ({
  arn: one.arn ?? '',
  target: one.targetIdentifier?.split('/').at(-1) ?? '',
  status: one.statusSummary?.status ?? 'UNDER_CHANGE',
  drift: one.driftStatusSummary?.driftStatus ?? 'UNKNOWN',
})

async function parametersOf(tower: Tower, arn: string): Promise<Readonly<Record<string, Json>>> {
  const answer = await tower.send(new GetEnabledControlCommand({ enabledControlIdentifier: arn }))
  const given = answer.enabledControlDetails?.parameters ?? []
  return Object.fromEntries(given.map(({ key, value }) => [key, value]))
}

async function enabledOn(tower: Tower, control: string, target: string): Promise<EnabledControl | null> {
  const filter = { controlIdentifiers: [control] }
  const page = await tower.send(new ListEnabledControlsCommand({ targetIdentifier: target, filter }))
  return page.enabledControls?.[0] ?? null
}

const asList = (parameters: Enable['parameters']) =>
  Object.entries(parameters).map(([key, value]) => ({ key, value: value as Json }))

async function enable(
  tower: Tower,
  effect: Enable,
  targetIdentifier: string,
  there: EnabledControl | null,
): Promise<Begun> {
  if (there?.arn !== undefined) return change(tower, effect, there.arn, there)
  const parameters = asList(effect.parameters)
  const { operationIdentifier } = await tower.send(
    new EnableControlCommand({
      controlIdentifier: effect.control,
      targetIdentifier,
      ...(parameters.length === 0 ? {} : { parameters }),
    }),
  )
  return begun(operationIdentifier)
}

const begun = (operationId: string | undefined): Begun => {
  if (operationId === undefined) throw bug('Control Tower began an operation and did not name it.')
  return { done: false, operation: { operationId } }
}

/** The control is on the OU: as wanted, on its way there, or otherwise. */
async function change(tower: Tower, effect: Enable, arn: string, there: EnabledControl): Promise<Begun> {
  const { status, lastOperationIdentifier } = there.statusSummary ?? {}
  const have = await parametersOf(tower, arn)
  const same = canonicalJson(have) === canonicalJson(effect.parameters)
  if (status === 'UNDER_CHANGE') {
    if (same && (await typeOf(tower, lastOperationIdentifier)) !== 'DISABLE_CONTROL')
      return begun(lastOperationIdentifier)
    throw conflict(
      'control_under_change',
      `Control Tower is changing \`${effect.alias}\` on \`${effect.target}\`.`,
    )
  }
  const drifted = there.driftStatusSummary?.driftStatus === 'DRIFTED'
  if (status === 'SUCCEEDED' && same && !drifted) return { done: true, result: { enabledControl: arn } }
  // A drifted control takes no other parameters before it was reset; the next attempt gives them.
  if (!same && !drifted) {
    const parameters = asList(effect.parameters)
    const answer = await tower.send(
      new UpdateEnabledControlCommand({ enabledControlIdentifier: arn, parameters }),
    )
    return begun(answer.operationIdentifier)
  }
  const answer = await tower.send(new ResetEnabledControlCommand({ enabledControlIdentifier: arn }))
  if (same) return begun(answer.operationIdentifier)
  throw conflict(
    'control_reset_first',
    `Control Tower resets \`${effect.alias}\` before it takes other parameters.`,
  )
}

async function disable(
  tower: Tower,
  effect: Disable,
  targetIdentifier: string,
  known: EnabledControl | null,
): Promise<Begun> {
  const there = known ?? (await enabledOn(tower, effect.control, targetIdentifier))
  if (there === null) return { done: true, result: {} }
  const { status, lastOperationIdentifier } = there.statusSummary ?? {}
  if (status === 'UNDER_CHANGE') {
    if ((await typeOf(tower, lastOperationIdentifier)) === 'DISABLE_CONTROL')
      return begun(lastOperationIdentifier)
    throw conflict(
      'control_under_change',
      `Control Tower is changing \`${effect.alias}\` on \`${effect.target}\`.`,
    )
  }
  const { operationIdentifier } = await tower.send(
    new DisableControlCommand({
      controlIdentifier: there.controlIdentifier ?? effect.control,
      targetIdentifier,
    }),
  )
  return begun(operationIdentifier)
}

const operationOf = async (tower: Tower, operationIdentifier: string) =>
  (await tower.send(new GetControlOperationCommand({ operationIdentifier }))).controlOperation

const typeOf = async (tower: Tower, id: string | undefined) =>
  id === undefined ? undefined : (await operationOf(tower, id))?.operationType

async function lookAt(tower: Tower, { operationId }: Operation): Promise<OperationState> {
  const operation = await operationOf(tower, String(operationId))
  const enabledControl = operation?.enabledControlIdentifier
  if (operation?.status === 'SUCCEEDED')
    return { state: 'succeeded', result: enabledControl === undefined ? {} : { enabledControl } }
  if (operation?.status !== 'FAILED') return { state: 'running' }
  return {
    state: 'failed',
    code: 'CONTROL_OPERATION_FAILED',
    message: operation.statusMessage ?? 'Control Tower says that it failed, not why.',
  }
}
