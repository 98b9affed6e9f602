/** Called around every effect of a workflow; may throw, to die there. */
export type Probe = (effect: string, moment: 'before' | 'after', args: readonly unknown[]) => Promise<void>

/**
 * Wraps every function of a port (and of the ports inside it), so that each call of the outside world is seen before
 * and after it happens. Async iterators are one effect: their reading changes nothing.
 */
export function counted<T extends object>(port: T, name: string, probe: Probe): T {
  const wrapped: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(port)) {
    if (typeof value === 'function') wrapped[key] = wrapCall(value as Call, port, `${name}.${key}`, probe)
    else if (value !== null && typeof value === 'object' && !(value instanceof Map) && key !== 'state')
      wrapped[key] = counted(value as object, `${name}.${key}`, probe)
    else wrapped[key] = value
  }
  return wrapped as T
}

type Call = (...args: unknown[]) => unknown

const READS_PAGES = new Set(['accounts', 'accountsOf', 'ous', 'childOus'])

function wrapCall(call: Call, self: object, name: string, probe: Probe): Call {
  if (READS_PAGES.has(name.split('.').at(-1) ?? '')) return (...args) => call.apply(self, args)
  return async (...args) => {
    await probe(name, 'before', args)
    const result = await call.apply(self, args)
    await probe(name, 'after', args)
    return result
  }
}
