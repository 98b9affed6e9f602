import type { AwsCall } from '../../../src/aws/calls.ts'
import type { AwsEstate } from '../../../src/aws/estate.ts'
import type { AccountOrder, OuRef } from '../../../src/ports/estate.ts'

/** One AWS organisation that the contract suites may change as they like. */
export interface ContractWorld {
  readonly estate: AwsEstate
  /** Every call of the adapters so far. */
  readonly calls: AwsCall[]
  /** An OU that takes accounts. */
  readonly ou: OuRef
  readonly rootId: string
  /** Lets time pass at AWS: virtual minutes on the sandbox, nothing elsewhere. */
  tick(): Promise<void>
  /** Makes AWS send an event into the queue that `ensureDelivery` made; resolves to the account id in it. */
  provoke(): Promise<string>
  stop(): Promise<void>
}

export interface ContractCase {
  /** Stable: `gaps.json` names it. */
  readonly name: string
  run(world: ContractWorld): Promise<void>
}

const LOOKS = 300

/** Looks again until there is something, as the engine does. */
export async function until<T>(world: ContractWorld, look: () => Promise<T | null>): Promise<T> {
  for (let i = 0; i < LOOKS; i++) {
    const seen = await look()
    if (seen !== null) return seen
    await world.tick()
  }
  throw new Error(`Nothing was seen in ${LOOKS} looks.`)
}

/** Repeats while AWS is busy with the same thing, as the engine does. */
export async function patiently<T>(world: ContractWorld, effect: () => Promise<T>): Promise<T> {
  return until(world, async () => {
    try {
      return { value: await effect() }
    } catch (error) {
      const kind = error instanceof Error && 'kind' in error ? error.kind : null
      if (kind === 'conflict' || kind === 'throttled') return null
      throw error
    }
  }).then((done) => done.value)
}

let orders = 0

/** An order that no other case uses. */
export function newOrder(world: ContractWorld, label: string): AccountOrder {
  const n = `${label}-${process.pid}-${++orders}`
  return {
    token: `app_${n}`,
    name: `rankan ${n}`,
    email: `aws+${n}@example.jp`,
    ou: world.ou,
    ssoUser: { email: `owner+${n}@example.jp`, firstName: 'Hanako', lastName: 'Yamada' },
    tags: { 'rankan:application': n },
  }
}

/** The whole way that a workflow takes, to an account in its OU. */
export async function vend(world: ContractWorld, order: AccountOrder): Promise<string> {
  const { creation, organization } = world.estate
  const handle = await patiently(world, () => creation.begin(order))
  const accountId = await settled(world, handle)
  if (creation.engine === 'auto_enrolment') {
    await patiently(world, () => organization.move(accountId, order.ou.id))
    await settled(world, { kind: 'enrolment', accountId, ouId: order.ou.id })
  }
  return accountId
}

/** Looks until the operation has succeeded; a failure is thrown. */
export async function settled(
  world: ContractWorld,
  handle: Parameters<AwsEstate['creation']['look']>[0],
): Promise<string> {
  const end = await ended(world, handle)
  if (end.state === 'failed') throw new Error(`${end.code}: ${end.message}`)
  return end.accountId
}

export const ended = (world: ContractWorld, handle: Parameters<AwsEstate['creation']['look']>[0]) =>
  until(world, async () => {
    const view = await world.estate.creation.look(handle)
    return view.state === 'running' ? null : view
  })

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
