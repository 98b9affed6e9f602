import { existsSync, readFileSync } from 'node:fs'
import { bug } from '../../kernel/errors.ts'
import type { ServiceModel } from './model.ts'

// Beside the sources, and from a build in `dist` back to the sources: the compiler copies no data files.
const PLACES = ['../models/', '../../../src/sandbox/models/']

export function loadModel(name: string): ServiceModel {
  for (const place of PLACES) {
    const url = new URL(`${place}${name}.json`, import.meta.url)
    if (existsSync(url)) return JSON.parse(readFileSync(url, 'utf8')) as ServiceModel
  }
  throw bug(`There is no service model \`${name}.json\` in \`sandbox/models\`.`)
}
