import type { World } from './world.ts'

const KILL_EVERY_MS = 5000
const THROTTLED_SHARE = 0.1

export interface Chaos {
  stop(): Promise<{ killed: number; throttled_calls: number }>
}

/** A worker killed every few seconds, and a tenth of all AWS calls throttled. */
export async function chaos(world: World): Promise<Chaos> {
  const post = await fetch(`${world.sandboxUrl}/_sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ probability: THROTTLED_SHARE, fault: { do: 'throttle' } }),
  })
  if (!post.ok) throw new Error(`The sandbox took no fault: ${await post.text()}`)
  let killed = 0
  let stopping = false
  const killing = (async () => {
    while (!stopping) {
      await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS))
      if (stopping) break
      await world.workers.killOne()
      killed++
    }
  })()
  return {
    async stop() {
      stopping = true
      const faults = (await (await fetch(`${world.sandboxUrl}/_sandbox/faults`)).json()) as {
        struck: number
      }[]
      await killing
      await fetch(`${world.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' })
      return { killed, throttled_calls: faults.reduce((sum, fault) => sum + fault.struck, 0) }
    },
  }
}
