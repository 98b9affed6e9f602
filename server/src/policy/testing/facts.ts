import { readFileSync } from 'node:fs'
import { type FactsIndex, factsOf, type ServiceFile } from '../facts.ts'

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../data/iam/generated/${file}`, import.meta.url), 'utf8'))

export const testFactsIndex = read('index.json') as FactsIndex & { readonly rcpServices: readonly string[] }

/** AWS's actions and keys, for tests. */
export const testFacts = factsOf(testFactsIndex, (prefix) => read(`services/${prefix}.json`) as ServiceFile)
