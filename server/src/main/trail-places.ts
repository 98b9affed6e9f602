import type { Places } from '../cli/replay/places.ts'

/** Another place than AWS answers on path-style addresses, and a queue's URL need not name it. */
const elsewhere = (service: 'S3' | 'SQS'): boolean =>
  [process.env.AWS_ENDPOINT_URL, process.env[`AWS_ENDPOINT_URL_${service}`]].some(
    (url) => url !== undefined && url !== '',
  )

/** Trails in AWS, by the SDK's own configuration of region, credentials and endpoint. Clients are loaded when asked for. */
export const trailPlaces: Places = {
  async s3(url, days) {
    const [{ s3Trail }, { readS3Url }, { FILE_LIMITS }] = await Promise.all([
      import('../aws/s3/trail.ts'),
      import('../aws/s3/place.ts'),
      import('../analytics/trail/unpack.ts'),
    ])
    const trail = s3Trail({
      place: readS3Url(url),
      days,
      maxBytes: FILE_LIMITS.packedBytes,
      pathStyle: elsewhere('S3'),
    })
    return {
      source: trail,
      digests: () => trail.digests(),
      open: (name) => trail.open(name),
      nameOf: (key) => key,
      close: () => trail.destroy(),
    }
  },
  async queue(url, hiddenSeconds) {
    const { eventQueue } = await import('../aws/sqs/queue.ts')
    return eventQueue({ url, hiddenSeconds, atQueueUrl: !elsewhere('SQS') })
  },
  stopped() {
    const stop = new AbortController()
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
    return stop.signal
  },
}
