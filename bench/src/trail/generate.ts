import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Random, seededRandom } from '../../../server/src/kernel/random.ts'
import { type Caller, callersOf, hex, identityOf, iso, pick, uuid, zipf } from './people.ts'
import { type Inventory, inventoryOf, type Make, SHAPES, type Shape } from './shapes.ts'

export interface TrailOptions {
  readonly dir: string
  readonly seed: number
  readonly events: number
  /** Default 20. */
  readonly accounts?: number
  /** Default 3. */
  readonly days?: number
  /** Mean events of a file, heavy-tailed over accounts; default 800. */
  readonly eventsPerFile?: number
  /** Callers of an account; default 40. */
  readonly callers?: number
  /** Events of one of several writers of a trail: the same accounts and callers, other events. */
  readonly shard?: number
}

export interface GeneratedTrail {
  readonly events: number
  readonly files: readonly string[]
  readonly bytes: number
  readonly bytesGz: number
}

export const ORGANIZATION = 'o-exampleorgid'
const REGIONS = ['ap-northeast-1', 'ap-northeast-1', 'ap-northeast-1', 'ap-northeast-3', 'us-east-1']
const START = Date.UTC(2026, 9, 1)
const DAY_MS = 86_400_000

/** Software makes the same few calls on the same few things all day; people do anything. */
interface Habits {
  readonly draw: (random: Random) => Make
  readonly inventories: ReadonlyMap<string, Inventory>
}

interface Account {
  readonly id: string
  readonly callers: Caller[]
  readonly habits: readonly Habits[]
  readonly drawCaller: (random: Random) => number
}

/**
 * Writes an organisation trail as AWS delivers it: `AWSLogs/<org>/<account>/CloudTrail/<region>/Y/M/D/*.json.gz`.
 * The same options give the same bytes.
 */
export async function generateTrail(options: TrailOptions): Promise<GeneratedTrail> {
  const first = seededRandom(options.seed)
  const accounts = Array.from({ length: options.accounts ?? 20 }, (_, index) =>
    accountOf(first, index, options.callers ?? 40),
  )
  const random = options.shard === undefined ? first : seededRandom(options.seed * 1009 + options.shard + 1)
  const drawAccount = zipf(accounts.length, 0.9)
  const files: string[] = []
  let [left, bytes, bytesGz] = [options.events, 0, 0]
  while (left > 0) {
    const account = accounts[drawAccount(random)] as Account
    const mean = options.eventsPerFile ?? 800
    const count = Math.min(left, 1 + Math.floor(-Math.log(1 - random.next()) * mean))
    const file = fileOf(random, account, count, options.days ?? 3)
    const target = path.join(options.dir, file.name)
    await mkdir(path.dirname(target), { recursive: true })
    const packed = gzipSync(file.text, { level: 6 })
    await writeFile(target, packed)
    files.push(file.name)
    left -= count
    bytes += file.text.length
    bytesGz += packed.length
  }
  return { events: options.events, files, bytes, bytesGz }
}

export const accountIdAt = (index: number): string => String(111_122_223_333 + index * 7_919_003)

function accountOf(random: Random, index: number, callers: number): Account {
  const id = accountIdAt(index)
  const list = callersOf(random, callers)
  const inventories = new Map(
    [...new Set(REGIONS)].map((region) => [region, inventoryOf(random, id, region)]),
  )
  return {
    id,
    callers: list,
    habits: list.map((who) => habitsOf(random, who, inventories)),
    drawCaller: zipf(list.length, 1.1),
  }
}

function habitsOf(random: Random, who: Caller, all: ReadonlyMap<string, Inventory>): Habits {
  if (who.kind === 'sso' || who.kind === 'root') return { draw, inventories: all }
  const makes = Array.from({ length: 2 + Math.floor(random.next() * 7) }, () => draw(random))
  const rank = zipf(makes.length, 1)
  const inventories = [...all].map(([region, have]) => [region, partOf(random, have)] as const)
  return { draw: (from) => makes[rank(from)] as Make, inventories: new Map(inventories) }
}

/** One to three of each kind of thing. */
function partOf(random: Random, have: Inventory): Inventory {
  const some = (list: readonly string[]) =>
    Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => pick(random, list))
  return {
    ...have,
    buckets: some(have.buckets),
    instances: some(have.instances),
    functions: some(have.functions),
    tables: some(have.tables),
    keys: some(have.keys),
    roles: some(have.roles),
    groups: some(have.groups),
  }
}

function fileOf(random: Random, account: Account, count: number, days: number) {
  const region = pick(random, REGIONS)
  const day = START + Math.floor(random.next() * days) * DAY_MS
  const start = day + Math.floor((random.next() * (DAY_MS - 900_000)) / 300_000) * 300_000
  const stamp = iso(start).replace(/[-:]/g, '').slice(0, 13)
  const [year, month, date] = iso(start).slice(0, 10).split('-')
  const folder = `AWSLogs/${ORGANIZATION}/${account.id}/CloudTrail/${region}/${year}/${month}/${date}`
  const records = Array.from({ length: count }, (_, index) => {
    const at = start + Math.floor((index / count) * 300_000)
    return recordOf(random, account, region, at)
  })
  return {
    name: `${folder}/${account.id}_CloudTrail_${region}_${stamp}Z_${hex(random, 16)}.json.gz`,
    text: `{"Records":[${records.join(',')}]}`,
  }
}

const WEIGHT = SHAPES.reduce((sum, [weight]) => sum + weight, 0)

function draw(random: Random): Make {
  let at = random.next() * WEIGHT
  for (const [weight, make] of SHAPES) {
    at -= weight
    if (at <= 0) return make
  }
  return SHAPES[0]?.[1] as Make
}

export function recordOf(random: Random, account: Account, region: string, at: number): string {
  const rank = account.drawCaller(random)
  const who = account.callers[rank] as Caller
  const habits = account.habits[rank] as Habits
  const shape = habits.draw(random)(random, habits.inventories.get(region) as Inventory)
  return JSON.stringify(recordJson(random, account, who, shape, region, at))
}

function recordJson(
  random: Random,
  account: Account,
  who: Caller,
  shape: Shape,
  region: string,
  at: number,
): object {
  const failed = random.next() < 0.02
  const endpoint = who.kind === 'role' && random.next() < 0.15
  return {
    eventVersion: '1.09',
    userIdentity: identityOf(random, account.id, who, at),
    eventTime: iso(at),
    eventSource: shape.source,
    eventName: shape.name,
    awsRegion: region,
    sourceIPAddress: pick(random, who.addresses),
    userAgent: who.userAgent,
    ...(failed
      ? {
          errorCode: 'AccessDenied',
          errorMessage: `User: arn:aws:sts::${account.id}:assumed-role/${who.name}/x is not authorized to perform: ${shape.name} with an explicit deny in a service control policy`,
        }
      : {}),
    requestParameters: shape.request,
    responseElements: failed ? null : shape.response,
    ...(shape.source.startsWith('s3')
      ? {
          additionalEventData: {
            SignatureVersion: 'SigV4',
            CipherSuite: 'TLS_AES_128_GCM_SHA256',
            bytesTransferredIn: 0,
            AuthenticationMethod: 'AuthHeader',
            'x-amz-id-2': hex(random, 76),
            bytesTransferredOut: Math.floor(random.next() * 100_000),
          },
        }
      : {}),
    requestID: uuid(random),
    eventID: uuid(random),
    readOnly: shape.readOnly,
    ...(shape.resources === undefined ? {} : { resources: shape.resources }),
    eventType: 'AwsApiCall',
    managementEvent: shape.data !== true,
    recipientAccountId: account.id,
    ...(who.kind === 'service' ? { sharedEventID: uuid(random) } : {}),
    ...(endpoint
      ? { vpcEndpointId: `vpce-0${account.id.slice(0, 8)}`, vpcEndpointAccountId: account.id }
      : {}),
    eventCategory: shape.data === true ? 'Data' : 'Management',
    ...(who.kind === 'linked' || who.kind === 'service'
      ? {}
      : {
          tlsDetails: {
            tlsVersion: 'TLSv1.3',
            cipherSuite: 'TLS_AES_128_GCM_SHA256',
            clientProvidedHostHeader: `${shape.source.split('.')[0]}.${region}.amazonaws.com`,
          },
        }),
    ...(who.kind === 'sso' ? { sessionCredentialFromConsole: 'true' } : {}),
  }
}
