import type { Writable } from 'node:stream'

/**
 * When what was written has been handed over. A pipe takes 64 KiB at once, and `process.exit` throws the rest away. A reader
 * who has gone (`| head`) wants no more.
 */
export const drained = (streams: readonly Writable[]): Promise<unknown> =>
  Promise.all(
    streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          stream.on('error', () => resolve())
          stream.write('', () => resolve())
        }),
    ),
  )
