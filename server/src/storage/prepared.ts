import { createHash } from 'node:crypto'
import type pg from 'pg'

/** A statement is prepared from this use on: what runs once or twice is not worth a place. */
const FROM_USE = 3
/** For each pool. Texts that are put together (lists of any length) must not fill PostgreSQL's memory. */
const MOST_NAMES = 300
const MOST_COUNTED = 2000

/** Names for the statements that a pool's connections run again and again. */
export interface StatementNames {
  /** Undefined: not worth a name. */
  nameOf(text: string): string | undefined
  /** The name is of no use on connections that have it: a later use gets another one. */
  renew(text: string): void
}

export function statementNames(): StatementNames {
  const uses = new Map<string, number>()
  const names = new Map<string, { readonly name: string; readonly version: number }>()
  const give = (text: string, version: number) => {
    const name = `rankan_${createHash('sha256').update(`${version} ${text}`).digest('hex').slice(0, 24)}`
    names.set(text, { name, version })
    return name
  }
  return {
    nameOf(text) {
      const known = names.get(text)
      if (known !== undefined) return known.name
      if (names.size >= MOST_NAMES) return undefined
      const count = (uses.get(text) ?? 0) + 1
      if (uses.size >= MOST_COUNTED) uses.clear()
      uses.set(text, count)
      if (count < FROM_USE) return undefined
      uses.delete(text)
      return give(text, 1)
    },
    renew(text) {
      const known = names.get(text)
      if (known !== undefined) give(text, known.version + 1)
    },
  }
}

const NOTHING = { rows: [], rowCount: null }

type Query = (...args: readonly unknown[]) => unknown

interface Stream {
  cork(): void
  uncork(): void
}

/**
 * What is said to a connection at one moment goes out in one piece, BEGIN with the statement after it: a message of its
 * own costs both sides a system call and wakes PostgreSQL once more.
 */
function together(client: pg.ClientBase): () => void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Stream } }).connection
  return () => {
    stream.cork()
    process.nextTick(() => stream.uncork())
  }
}

/** DBOS begins its transactions with this and nothing else. */
const BEGIN = /^BEGIN ISOLATION LEVEL [A-Z ]+$/

/**
 * Lets a pool's connections prepare what they run often: PostgreSQL then parses and plans it once for each connection
 * instead of every time, which for our short statements costs more than running them. A plain BEGIN is not waited for.
 */
export function preparing(pool: pg.Pool): void {
  const names = statementNames()
  pool.on('connect', (client) => {
    const plain = client.query.bind(client) as Query
    const gather = together(client)
    const query: Query = (text, values, ...more) => {
      gather()
      // Not waited for: the statement after it goes out with it, and fails too if this one does.
      if (typeof text === 'string' && BEGIN.test(text) && more.length === 0 && values === undefined) {
        ;(plain(text) as Promise<unknown>).catch(() => {})
        return Promise.resolve(NOTHING)
      }
      // Without values it may be several statements, which cannot be prepared.
      const name =
        typeof text === 'string' && Array.isArray(values) && values.length > 0
          ? names.nameOf(text)
          : undefined
      if (name === undefined) return plain(text, values, ...more)
      const config = { name, text: text as string, values }
      const told = (error: unknown) => {
        if (!isStale(error)) return error
        names.renew(config.text)
        return stale(error)
      }
      const [callback] = more
      if (typeof callback === 'function')
        return plain(config, undefined, (error: unknown, result: unknown) =>
          (callback as Query)(error == null ? error : told(error), result),
        )
      return (plain(config) as Promise<unknown>).catch((error: unknown) => Promise.reject(told(error)))
    }
    client.query = query as typeof client.query
  })
}

/** "cached plan must not change result type": a migration gave a table other columns while this process ran. */
const isStale = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === '0A000' &&
  'routine' in error &&
  error.routine === 'RevalidateCachedQuery'

/** PostgreSQL's code for a transaction that may simply be run again, which is what everybody who meets it then does. */
const stale = (cause: unknown): Error =>
  Object.assign(
    new Error('A migration changed the columns of a statement that was prepared before it.', { cause }),
    { code: '40P01' },
  )
