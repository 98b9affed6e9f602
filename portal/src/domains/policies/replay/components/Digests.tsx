import type { ReplayDigests } from '@rankan/server/domain/policies/replays.ts'
import { Notice } from '../../../../components/Notice.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** In a line: whether the trail is as CloudTrail delivered it. */
export function useDigestWords(): (digests: ReplayDigests | null | undefined) => string {
  const t = useTexts(texts)
  return (digests) => {
    if (digests === null || digests === undefined) return t.digestsNone
    const { files, signed, unsigned, problemCount } = digests
    if (problemCount > 0) return t.digestsBad(problemCount)
    const good = t.digestsGood(files, signed)
    return unsigned === 0 ? good : `${good} · ${t.digestsUnsigned(unsigned)}`
  }
}

/** What is wrong with the trail, when something is: an answer over it is not to be trusted. */
export function DigestProblems({ digests }: { readonly digests: ReplayDigests | null | undefined }) {
  const t = useTexts(texts)
  if (digests === null || digests === undefined || digests.problemCount === 0) return null
  return (
    <Notice kind="error" title={t.digestsBad(digests.problemCount)}>
      <ul className="list-disc pl-6">
        {digests.problems.map(({ problem, object }) => (
          <li key={`${problem} ${object}`}>
            {t.digestProblems[problem]}: <code className="font-mono break-all">{object}</code>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
