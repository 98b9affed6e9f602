/**
 * Resolves when the supervisor of this process is gone; never for a process that has none. It may have been killed
 * while this one was still loading: then the channel is closed already and says nothing any more.
 */
const parentGone = new Promise<void>((resolve) => {
  if (process.connected === false) resolve()
  else if (process.connected) process.once('disconnect', resolve)
})

/** Runs `stop` once, on SIGINT, SIGTERM, or when the parent that started this process is gone. */
export function untilStopped(stop: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false
    const begin = () => {
      if (stopping) return
      stopping = true
      stop().then(resolve, reject)
    }
    process.on('SIGINT', begin)
    process.on('SIGTERM', begin)
    // A supervisor that was killed cannot tell its children; the closed channel does.
    void parentGone.then(begin)
  })
}

/** Tells the supervisor that this part serves now; without one, nothing. */
export const reportReady = (details: object): void => {
  if (process.connected) process.send?.({ ready: true, ...details })
}
