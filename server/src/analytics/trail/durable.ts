import { open, readdir } from 'node:fs/promises'
import path from 'node:path'

/** Waits until a file, or the names that a folder has, are on the disk. */
export async function syncPath(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A folder of files, with all that is in them. */
export async function syncAll(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await syncPath(path.join(folder, name))
  await syncPath(folder)
}
