import type { EstateEvent, World } from '../../core/contract.ts'

export interface Rule {
  readonly accountId: string
  readonly region: string
  readonly bus: string
  readonly name: string
  readonly arn: string
  readonly pattern: string | null
  readonly schedule: string | null
  readonly state: string
  readonly description: string | null
  readonly roleArn: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly targets: readonly Target[]
}

export interface Target {
  readonly Id: string
  readonly Arn: string
  readonly Input?: string
  readonly InputPath?: string
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>
    readonly InputTemplate: string
  }
  readonly [other: string]: unknown
}

export interface Bus {
  readonly name: string
  readonly arn: string
}

/** Key: account/region/bus/name. */
export const rulesOf = (world: World) => world.table<Rule>('events.rules')
export const busesOf = (world: World) => world.table<Bus>('events.buses')

export const ruleKey = (accountId: string, region: string, bus: string, name: string) =>
  `${accountId}/${region}/${bus}/${name}`

/** `default`, a bus's name, or its ARN. */
export const busName = (nameOrArn: string | undefined) =>
  (nameOrArn ?? 'default').split('/').at(-1) ?? 'default'

export const ruleArn = (accountId: string, region: string, bus: string, name: string) =>
  `arn:aws:events:${region}:${accountId}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`

export const busArn = (region: string, accountId: string, name: string) =>
  `arn:aws:events:${region}:${accountId}:event-bus/${name}`

/** Whose bus that is: of the account in its ARN, else the caller's own. */
export const busOwner = (nameOrArn: string | undefined, callerAccountId: string) =>
  /^arn:[^:]*:events:[^:]*:(\d{12}):/.exec(nameOrArn ?? '')?.[1] ?? callerAccountId

/** The envelope that rules see and targets receive. */
export const envelopeOf = (event: EstateEvent, resources: readonly string[] = []) => ({
  version: '0',
  id: event.id,
  'detail-type': event.detailType,
  source: event.source,
  account: event.accountId,
  time: event.time.replace(/\.\d+Z$/, 'Z'),
  region: event.region,
  resources,
  detail: event.detail,
})
export type Envelope = ReturnType<typeof envelopeOf>
