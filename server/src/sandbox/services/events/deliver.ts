import type { World } from '../../core/contract.ts'
import { deliverToQueue } from '../sqs/deliver.ts'
import { matchesPattern } from './pattern.ts'
import { type Envelope, type Rule, rulesOf, type Target } from './state.ts'

/** A bus by name; `owner` is the account that has it, which need not be the event's. */
export interface BusRef {
  readonly owner: string
  readonly name: string
}

/** Sends the event to the targets of every enabled rule of that bus that fits. Targets other than SQS are not carried out. */
export function route(world: World, bus: BusRef, event: Envelope): void {
  for (const rule of [...rulesOf(world).values()]) {
    if (fits(rule, bus, event)) for (const target of rule.targets) send(world, rule, target, event)
  }
}

const fits = (rule: Rule, bus: BusRef, event: Envelope) =>
  rule.pattern !== null &&
  rule.state.startsWith('ENABLED') &&
  rule.bus === bus.name &&
  rule.accountId === bus.owner &&
  rule.region === event.region &&
  matchesPattern(JSON.parse(rule.pattern), event)

function send(world: World, rule: Rule, target: Target, event: Envelope): void {
  if (!target.Arn.startsWith('arn:aws:sqs:')) return
  deliverToQueue(world, target.Arn, inputOf(target, event), {
    sourceArn: rule.arn,
    service: 'events.amazonaws.com',
  })
}

function inputOf(target: Target, event: Envelope): string {
  if (target.Input !== undefined) return target.Input
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath) ?? null)
  if (target.InputTransformer) return transformed(target.InputTransformer, event)
  return JSON.stringify(event)
}

function transformed(
  { InputPathsMap = {}, InputTemplate }: NonNullable<Target['InputTransformer']>,
  event: Envelope,
) {
  return InputTemplate.replace(/<([\w-]+)>/g, (_, name: string) => {
    const path = InputPathsMap[name]
    const value = path === undefined ? '' : valueAt(event, path)
    return typeof value === 'string' ? value : JSON.stringify(value ?? null)
  })
}

/** The `$.a.b` subset of JSONPath that EventBridge's InputPath mostly sees. */
function valueAt(event: unknown, path: string): unknown {
  return path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((step) => step !== '')
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], event)
}
