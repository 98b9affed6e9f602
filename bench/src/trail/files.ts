import { readdir } from 'node:fs/promises'
import path from 'node:path'

export async function filesOf(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir, { recursive: true })
  return names
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => path.join(dir, name))
}
