import { existsSync, readFileSync } from 'node:fs'
import { bug } from '../../kernel/errors.ts'
import type { ServiceModel } from './model.ts'

// Beside the sources, and from a build in `dist` back to the sources: the compiler copies no data files.
const PLACES = ['../models/', '../../../src/sandbox/models/']

// Models never change while we run, and are the largest thing that a start reads.
const loaded = new Map<string, ServiceModel>()

export function loadModel(name: string): ServiceModel {
  const known = loaded.get(name) ?? readModel(name)
  loaded.set(name, known)
  return known
}

function readModel(name: string): ServiceModel {
  for (const place of PLACES) {
    const url = new URL(`${place}${name}.json`, import.meta.url)
    if (existsSync(url)) return JSON.parse(readFileSync(url, 'utf8')) as ServiceModel
  }
  throw bug(`There is no service model \`${name}.json\` in \`sandbox/models\`.`)
}
