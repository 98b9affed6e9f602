/** The organisation trails of the estate: every call that has a caller, allowed or denied, of every organisation. */
import type { Clock } from '../../kernel/clock.ts'
import type { OrganizationView } from '../access/policies.ts'
import type { EstateEvent, World } from '../core/contract.ts'
import { openTrailFiles } from './files.ts'
import { type Delivery, deliveriesOf, type FinishedCall, serviceDelivery } from './record.ts'

export interface Trail {
  /** Folder that holds `AWSLogs/`. */
  readonly dir: string
  record(call: FinishedCall): void
  recordEvent(event: EstateEvent): void
  /** Writes everything that waits into files; returns how many. */
  flush(): number
  /** Bytes that wait. */
  readonly pending: number
  close(): void
}

export interface TrailParts {
  readonly dir: string
  readonly world: World
  readonly organization: OrganizationView
  readonly clock: Clock
  /** Virtual seconds per real second. */
  readonly timeScale: () => number
  readonly log: (message: string, fields: Record<string, unknown>) => void
}

export function openTrail(parts: TrailParts): Trail {
  const { world, organization } = parts
  const files = openTrailFiles(parts.dir, () => parts.clock.now().getTime())
  const stop = new AbortController()
  let since = 0
  let armed = false

  const isDue = () => files.size > 0 && world.now() - since >= world.limit('cloudtrail.rotate_ms')
  const arm = () => {
    const scale = parts.timeScale()
    if (armed || scale === 0) return
    armed = true
    const left = since + world.limit('cloudtrail.rotate_ms') - world.now()
    const ms = Math.min(Math.max(left / scale, SHORTEST_SLEEP_MS), LONGEST_SLEEP_MS)
    parts.clock.sleep(ms, stop.signal).then(wake, () => {})
  }
  const wake = () => {
    armed = false
    guarded(() => isDue() && files.flush())
    if (files.size > 0) arm()
  }
  // The call was carried out already: a full disk costs the record, not the answer.
  const guarded = (work: () => void) => {
    try {
      work()
    } catch (error) {
      parts.log('the trail could not be written', { error: String(error) })
    }
  }
  const write = (deliveries: readonly Delivery[]) => {
    if (deliveries.length === 0 || world.limit('cloudtrail.enabled') === 0) return
    if (isDue() || files.size > world.limit('cloudtrail.file_bytes')) files.flush()
    if (files.size === 0) since = world.now()
    for (const delivery of deliveries) files.append(delivery)
    arm()
  }
  return {
    dir: parts.dir,
    record: (call) => guarded(() => write(deliveriesOf(call, organization))),
    recordEvent(event) {
      guarded(() => {
        const delivery = serviceDelivery(world, event, organization)
        if (delivery !== null) write([delivery])
      })
    },
    flush: () => files.flush(),
    get pending() {
      return files.size
    },
    close() {
      stop.abort()
      files.close()
    },
  }
}

const SHORTEST_SLEEP_MS = 100
const LONGEST_SLEEP_MS = 60_000
