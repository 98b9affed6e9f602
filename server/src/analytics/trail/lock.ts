import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { conflict } from '../../kernel/errors.ts'

/** The kernel's lock of a file is the process's: a second holder in this process is told apart here. */
const held = new Set<string>()

/**
 * The right to write facts into a folder, for one holder at a time. Node has no lock of files of its own; DuckDB takes
 * the kernel's on the file of a database, which ends with the process however it ends. Throws `facts_in_use` at once.
 * @returns what gives it back.
 */
export async function lockFacts(dir: string): Promise<() => void> {
  const file = path.join(path.resolve(dir), 'writer.lock')
  if (held.has(file)) throw inUse(dir)
  held.add(file)
  try {
    await mkdir(dir, { recursive: true })
    const instance = await DuckDBInstance.create(file, { threads: '1', memory_limit: '16MB' })
    return () => {
      instance.closeSync()
      held.delete(file)
    }
  } catch (error) {
    held.delete(file)
    throw isLocked(error) ? inUse(dir) : error
  }
}

const isLocked = (error: unknown): boolean =>
  error instanceof Error && /Could not set lock on file|Conflicting lock/.test(error.message)

const inUse = (dir: string) =>
  conflict(
    'facts_in_use',
    `Another process writes into \`${dir}\`: one follower or reader of a trail for each folder of facts. End it first, or name another folder.`,
  )
