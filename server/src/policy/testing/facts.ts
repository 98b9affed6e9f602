import { type Facts, type FactsIndex, factsOf, type ServiceFile } from '../facts.ts'

/** What the generated index has beyond `FactsIndex`. */
export type TestIndex = FactsIndex & { readonly rcpServices: readonly string[] }

/** AWS's actions and keys, for tests; `read` reads a file of server/data/iam/generated. */
export function testFacts(read: (file: string) => unknown): { facts: Facts; index: TestIndex } {
  const index = read('index.json') as TestIndex
  return { index, facts: factsOf(index, (prefix) => read(`services/${prefix}.json`) as ServiceFile) }
}
