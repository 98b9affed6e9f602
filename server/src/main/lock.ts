import { createHash, randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { conflict } from '../kernel/errors.ts'

/**
 * One `start` per data folder. The lock names a process; a lock whose process is gone (killed, or the machine was
 * restarted) is taken over. It appears with its text or not at all, so that none is ever seen half written.
 */
export function lockDataFolder(dir: string): () => void {
  const file = path.join(dir, 'rankan.lock')
  const own = `${file}.${randomUUID()}`
  const text = `${process.pid} ${startTimeOf(process.pid)}\n`
  writeFileSync(own, text, { flag: 'wx', mode: 0o600 })
  try {
    take(dir, file, own)
  } finally {
    rmSync(own, { force: true })
  }
  return () => {
    if (textOf(file) === text) rmSync(file, { force: true })
  }
}

const ATTEMPTS = 5

/** Makes `file` another name of `own`, or throws `already_running`. */
function take(dir: string, file: string, own: string): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (linked(own, file)) return
    const left = textOf(file)
    if (left === null) continue
    const holder = holderOf(left)
    if (holder !== null)
      throw conflict(
        'already_running',
        `Rankan already runs on \`${dir}\` (process ${holder}). Stop it first, or name another folder with RANKAN_DATA.`,
      )
    if (takenOver(dir, file, left, own)) return
  }
  throw conflict('already_running', `Another Rankan took \`${dir}\` at this moment. Try again.`)
}

/** Of those who saw the same lock left behind, the one that has its claim replaces it; the others see that it is another now. */
function takenOver(dir: string, file: string, left: string, own: string): boolean {
  const claim = `${file}.${createHash('sha256').update(left).digest('hex').slice(0, 16)}`
  take(dir, claim, own)
  if (textOf(file) === left) {
    renameSync(claim, file)
    return true
  }
  rmSync(claim, { force: true })
  return false
}

function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  }
}

function holderOf(text: string): number | null {
  const [pid, started] = text.trim().split(' ')
  return isAlive(Number(pid)) && startTimeOf(Number(pid)) === (started ?? '') ? Number(pid) : null
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
