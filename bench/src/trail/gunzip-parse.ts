import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'

/** What any reader of a trail in this language pays at least: unpack each file and parse it whole. Nothing is kept. */
let events = 0
for (const file of (workerData as { readonly files: readonly string[] }).files) {
  const packed = readFileSync(file)
  // One chunk of the unpacked size, as our reader does it: a smaller one would make this slower than it need be.
  const chunkSize = Math.max(1024, packed.readUInt32LE(packed.length - 4) + 64)
  const { Records } = JSON.parse(gunzipSync(packed, { chunkSize }).toString('utf8')) as {
    readonly Records: readonly unknown[]
  }
  events += Records.length
}
parentPort?.postMessage(events)
