/**
 * Hands over together what is asked for at the same moment: ten events that SQS gave at once are one statement. Where that
 * fails, each goes by itself, so that one that PostgreSQL refuses holds up no other.
 */
export function gathering<T>(all: (items: readonly T[]) => Promise<unknown>): (item: T) => Promise<void> {
  let gathered: T[] = []
  let together: Promise<unknown> | null = null
  const handOver = async () => {
    await Promise.resolve()
    const items = gathered
    gathered = []
    together = null
    await all(items)
    return items
  }
  return async (item) => {
    gathered.push(item)
    together ??= handOver()
    const mine = together
    try {
      await mine
    } catch {
      await all([item])
    }
  }
}
