import { readFile } from 'node:fs/promises'
import { checkDigests, type DigestPlace, type PublicKeys, readKeys } from '../../analytics/digests/check.ts'
import type { ReplayDigests } from '../../domain/policies/replays.ts'
import { invalid } from '../../kernel/errors.ts'

const PROBLEMS_SHOWN = 100

interface Period {
  readonly since: string | null
  readonly until: string | null
}

/** Whether the files of the period are as CloudTrail delivered them; null where there are no digests. */
export async function digestsOf(
  place: DigestPlace,
  { since, until }: Period,
  keysFile: string | null,
  signal: AbortSignal,
): Promise<ReplayDigests | null> {
  const keys = keysFile === null ? null : await keysIn(keysFile)
  const { problems, ...found } = await checkDigests({ place, keys, since, until, signal })
  if (found.digests === 0 && problems.length === 0) return null
  return { ...found, problemCount: problems.length, problems: problems.slice(0, PROBLEMS_SHOWN) }
}

async function keysIn(file: string): Promise<PublicKeys> {
  try {
    return readKeys(JSON.parse(await readFile(file, 'utf8')), file)
  } catch (error) {
    throw invalid(
      'bad_public_keys',
      `RANKAN_TRAIL_KEYS names \`${file}\`, which cannot be used: ${error instanceof Error ? error.message : error}`,
    )
  }
}
