import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Facts, type FactsIndex, factsOf, type ServiceFile } from '../../policy/facts.ts'

// From src/cli/policy and from dist/cli/policy alike.
const HOME = new URL('../../../data/iam/generated/', import.meta.url)

const read = (file: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(file, HOME)), 'utf8'))

/** AWS's actions and keys as they come with Rankan; services are read when a policy speaks of them. */
export const diskFacts = (): Facts =>
  factsOf(read('index.json') as FactsIndex, (prefix) => read(`services/${prefix}.json`) as ServiceFile)
