import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { controlSetBody, controlSetName } from '../../domain/controls/sets.ts'
import type { ShippedSets } from '../../storage/controls/sets.ts'

// From src/main/controls and from dist/main/controls alike.
const HOME = fileURLToPath(new URL('../../../data/control-sets/', import.meta.url))

/** The control sets that come with Rankan, by name: one file for each. */
export function readShippedSets(folder = HOME): ShippedSets {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(
    files.sort().map((file) => {
      const name = controlSetName.parse(path.basename(file, '.json'))
      return [name, controlSetBody.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')))]
    }),
  )
}
