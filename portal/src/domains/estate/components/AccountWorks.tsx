import type { AccountDetail } from '@rankan/server/domain/accounts/view.ts'
import { WORK_STATES } from '@rankan/server/domain/accounts/work-view.ts'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { WORK_TONES } from '../tones.ts'

export function AccountWorks({ works }: { readonly works: AccountDetail['works'] }) {
  const t = useTexts(texts)
  if (works.length === 0) return <EmptyState title={t.noWorks} />
  return (
    <ul className="flex flex-col gap-2">
      {works.map((work) => (
        <li key={work.workId} className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <ApplicationLink id={work.applicationId}>{t.kindOf[work.kind]}</ApplicationLink>
          <WorkBadge state={work.state} />
          <DateText at={work.at} />
        </li>
      ))}
    </ul>
  )
}

/** A state that this portal does not know yet is shown as it came. */
function WorkBadge({ state }: { readonly state: string }) {
  const t = useTexts(texts)
  const known = WORK_STATES.find((one) => one === state)
  if (known === undefined) return <StatusBadge tone="neutral">{state}</StatusBadge>
  return <StatusBadge tone={WORK_TONES[known]}>{t.stateOf[known]}</StatusBadge>
}
