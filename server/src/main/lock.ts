import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { conflict } from '../kernel/errors.ts'

/**
 * One `start` per data folder. The lock names a process; a lock whose process is gone (killed, or the machine was
 * restarted) is taken over.
 */
export function lockDataFolder(dir: string): () => void {
  const file = path.join(dir, 'rankan.lock')
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const fd = openSync(file, 'wx', 0o600)
      writeSync(fd, `${process.pid} ${startTimeOf(process.pid)}\n`)
      closeSync(fd)
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = holderOf(file)
      if (holder !== null)
        throw conflict(
          'already_running',
          `Rankan already runs on \`${dir}\` (process ${holder}). Stop it first, or name another folder with RANKAN_DATA.`,
        )
      rmSync(file, { force: true })
    }
  }
  throw conflict('already_running', `Another Rankan took \`${dir}\` at this moment. Try again.`)
}

function holderOf(file: string): number | null {
  try {
    const [pid, started] = readFileSync(file, 'utf8').trim().split(' ')
    return isAlive(Number(pid)) && startTimeOf(Number(pid)) === (started ?? '') ? Number(pid) : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return pid > 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Process ids are used again; with the start time one is told from its successor (Linux; elsewhere empty). */
function startTimeOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
