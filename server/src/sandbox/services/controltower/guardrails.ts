/** The service control policies behind preventive controls: what Control Tower attaches to an OU, and whether it is still so. */
import { AwsError, type World } from '../../core/contract.ts'
import { aliasOf } from '../controlcatalog/catalogue.ts'
import { attachments, policies } from '../organizations/state.ts'
import data from './guardrails.json' with { type: 'json' }
import { controlTowerCaller } from './organization.ts'
import { badRequest, controlsOf, type EnabledControl, idOf, type LandingZone } from './state.ts'

type Statement = Readonly<Record<string, unknown>>

const STATEMENTS: ReadonlyMap<string, Statement> = new Map(Object.entries(data.controls))
type Flags = Readonly<Record<string, Statement>>
const FLAGS: ReadonlyMap<string, Flags> = new Map(Object.entries(data.flags))
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(data.parameters))

/** The policies that Control Tower keeps on one OU, and their text as it wrote them. Key: OU id. */
const attachedOf = (world: World) =>
  world.table<readonly { readonly id: string; readonly content: string }[]>('controltower.guardrail_policies')

const isPreventive = (control: Pick<EnabledControl, 'controlArn'>) =>
  STATEMENTS.has(aliasOf(control.controlArn))

/** @throws {AwsError} when a parameter that the control needs is missing, or a flag is given as anything but true. */
export function checkParameters(controlArn: string, parameters: EnabledControl['parameters']): void {
  const alias = aliasOf(controlArn)
  for (const name of REQUIRED.get(alias) ?? [])
    if (!parameters.some(({ key }) => key === name))
      throw badRequest(`The control ${controlArn} needs the parameter ${name}.`)
  for (const name of Object.keys(FLAGS.get(alias) ?? {}))
    if (parameters.some(({ key, value }) => key === name && value !== true))
      throw badRequest(`The parameter ${name} takes only true; leave it out otherwise.`)
}

/** Takes `$Name` for the value of the parameter of that name. */
function filled(value: unknown, parameters: EnabledControl['parameters']): unknown {
  if (typeof value === 'string')
    return value.startsWith('$') ? (parameters.find(({ key }) => key === value.slice(1))?.value ?? []) : value
  if (Array.isArray(value)) return value.map((item) => filled(item, parameters))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, parameters)]))
}

function statementOf({ controlArn, parameters }: EnabledControl): object {
  const id = aliasOf(controlArn)
  const Sid = id.replace(/[^A-Za-z0-9]/g, '').replace(/^AWS/, '')
  const statement = filled(STATEMENTS.get(id), parameters) as Statement
  const flags = Object.entries(FLAGS.get(id) ?? {}).filter(([name]) =>
    parameters.some(({ key }) => key === name),
  )
  if (flags.length === 0) return { Sid, ...statement }
  const Condition = Object.assign({}, statement.Condition, ...flags.map(([, added]) => added))
  return { Sid, ...statement, Condition }
}

const textOf = (statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

/** As few policies as the size allows, filled in the order in which the controls were enabled. */
function packed(statements: readonly object[], size: number): string[] {
  const full: object[][] = []
  for (const statement of statements) {
    const last = full.at(-1)
    if (last && textOf([...last, statement]).length <= size) last.push(statement)
    else full.push([statement])
  }
  return full.map(textOf)
}

/**
 * Brings the policies of an OU to what its enabled controls want.
 * @throws {AwsError} of Organizations, e.g. when the OU has no free slot.
 */
export function applyGuardrails(world: World, zone: LandingZone, targetArn: string): void {
  const ouId = idOf(targetArn)
  const wanted = [...controlsOf(world).values()].filter((c) => c.targetArn === targetArn && isPreventive(c))
  const texts = packed(wanted.map(statementOf), world.limit('organizations.SERVICE_CONTROL_POLICY.size'))
  const have = attachedOf(world).get(ouId) ?? []
  const ask = (operation: string, input: object) =>
    world.invoke<Made>('organizations', operation, input, controlTowerCaller(zone))
  const kept = texts.map((content, i) => ({ id: put(world, ask, ouId, content, have[i]?.id), content }))
  for (const { id } of have.slice(texts.length)) drop(world, ask, ouId, id)
  attachedOf(world).put(ouId, kept)
}

interface Made {
  readonly Policy: { readonly PolicySummary: { readonly Id: string } }
}
type Ask = (operation: string, input: object) => Made

function put(world: World, ask: Ask, ouId: string, Content: string, known: string | undefined): string {
  const exists = known !== undefined && policies(world).has(known)
  const { Id } = (
    exists
      ? ask('UpdatePolicy', { PolicyId: known, Content })
      : ask('CreatePolicy', newPolicy(world, Content))
  ).Policy.PolicySummary
  if (!attachments(world).get(ouId)?.includes(Id)) ask('AttachPolicy', { PolicyId: Id, TargetId: ouId })
  return Id
}

const newPolicy = (world: World, Content: string) => ({
  Name: `aws-guardrails-${world.id(6, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')}`,
  Description: 'Guardrails applied to an OU by AWS Control Tower. Do not modify.',
  Type: 'SERVICE_CONTROL_POLICY',
  Content,
})

/** What somebody attached elsewhere too stays there; it is only taken off this OU. */
function drop(world: World, ask: Ask, ouId: string, PolicyId: string): void {
  if (attachments(world).get(ouId)?.includes(PolicyId)) ask('DetachPolicy', { PolicyId, TargetId: ouId })
  if (!policies(world).has(PolicyId)) return
  try {
    ask('DeletePolicy', { PolicyId })
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'PolicyInUseException')) throw error
  }
}

/** Drift is looked for in controls that are policies; others are not checked. */
export function driftOf(world: World, control: EnabledControl): 'DRIFTED' | 'IN_SYNC' | 'NOT_CHECKING' {
  if (!isPreventive(control)) return 'NOT_CHECKING'
  const ouId = idOf(control.targetArn)
  const attached = attachments(world).get(ouId) ?? []
  const asWritten = (attachedOf(world).get(ouId) ?? []).every(
    ({ id, content }) => attached.includes(id) && policies(world).get(id)?.content === content,
  )
  return control.status === 'SUCCEEDED' && !asWritten ? 'DRIFTED' : 'IN_SYNC'
}
