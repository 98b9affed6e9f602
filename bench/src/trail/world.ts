import { loadServerFile } from '../server.ts'
import { accountIdAt, ORGANIZATION } from './generate.ts'
import type { PhaseInput } from './phases.ts'
import { documentOf, guardsWith, treeOf } from './policies.ts'

export async function worldFor({ statements, accounts }: Pick<PhaseInput, 'statements' | 'accounts'>) {
  const [{ parsedOf }, { readTree }, { estateOf }, { atomRow }, { loadTables }] = await Promise.all([
    loadServerFile<typeof import('../../../server/src/analytics/replay/folder.ts')>(
      'analytics/replay/folder.js',
    ),
    loadServerFile<typeof import('../../../server/src/analytics/replay/tree.ts')>('analytics/replay/tree.js'),
    loadServerFile<typeof import('../../../server/src/analytics/replay/estate.ts')>(
      'analytics/replay/estate.js',
    ),
    loadServerFile<typeof import('../../../server/src/analytics/replay/atoms.ts')>(
      'analytics/replay/atoms.js',
    ),
    loadServerFile<typeof import('../../../server/src/analytics/trail/tables.ts')>(
      'analytics/trail/tables.js',
    ),
  ])
  const guards = guardsWith(statements, ORGANIZATION)
  const ids = Array.from({ length: accounts }, (_, index) => accountIdAt(index))
  const tree = readTree(treeOf(guards, ORGANIZATION, ids), 'the benchmark')
  const policies = parsedOf(
    guards.map((guard) => ({
      name: guard.name,
      kind: guard.kind,
      file: guard.name,
      document: documentOf(guard),
    })),
  )
  const estate = estateOf(policies, tree)
  return { estate, row: atomRow(estate.policies), iam: loadTables().iam }
}

export type BenchWorld = Awaited<ReturnType<typeof worldFor>>
