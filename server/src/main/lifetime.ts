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
    if (process.send !== undefined) process.on('disconnect', begin)
  })
}

/** Tells the supervisor that this part serves now; without one, nothing. */
export const reportReady = (details: object): void => {
  process.send?.({ ready: true, ...details })
}
