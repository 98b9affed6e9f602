import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { invalid } from '../../kernel/errors.ts'

// From src/cli/check and from dist/cli/check alike.
const HOME = fileURLToPath(new URL('../../../data/control-sets/', import.meta.url))

const set = z.object({ controls: z.array(z.object({ control: z.string() })).min(1) })

/** The ids of the controls of a set that comes with Rankan, or of a file such as `rankan control set` prints. */
export function controlsOfSet(name: string): readonly string[] {
  const known = readdirSync(HOME).map((file) => path.basename(file, '.json'))
  const file = known.includes(name) ? path.join(HOME, `${name}.json`) : name
  const parsed = set.safeParse(jsonOf(file, name, known))
  if (parsed.success) return parsed.data.controls.map(({ control }) => control)
  throw invalid('bad_set', `\`${name}\` is no control set: it needs \`controls\` with \`control\` in each.`)
}

function jsonOf(file: string, name: string, known: readonly string[]): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw invalid(
      'set_unknown',
      `There is no control set \`${name}\`, nor such a file in JSON. There are ${known.join(', ')}.`,
    )
  }
}
