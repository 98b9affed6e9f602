import type { QueueView } from '@rankan/server/domain/accounts/work-view.ts'
import { Meter } from '../../../components/Meter.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

const COUNTS = ['queued', 'running', 'needsRepair', 'doneToday'] as const

/** One AWS organisation: how much work is in which state, and how full each quota is. */
export function Slots({ organization }: { readonly organization: QueueView['organizations'][number] }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <div className="flex flex-col gap-3">
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {COUNTS.map((count) => (
          <div key={count} className="rounded-12 border border-solid-gray-420 px-4 py-3">
            <dt className="text-solid-gray-700">{t.countOf[count]}</dt>
            <dd className="text-std-28B-150 tabular-nums">{organization.counts[count]}</dd>
          </div>
        ))}
      </dl>
      {organization.quotas.length === 0 ? (
        <p className="rounded-12 border border-dashed border-solid-gray-420 p-4 text-solid-gray-700">
          {t.noSlots}
        </p>
      ) : (
        <ul aria-label={t.quotas} className="flex flex-col gap-3 rounded-12 border border-solid-gray-420 p-4">
          {organization.quotas.map((quota) => (
            <li
              key={`${quota.quota} ${quota.scope}`}
              className="grid gap-x-4 sm:grid-cols-[minmax(10rem,1fr)_minmax(14rem,1fr)_6rem] sm:items-center"
            >
              <span>
                {pick(quota.title)}
                {quota.scope === organization.awsOrganizationId ? null : (
                  <span className="block text-solid-gray-700">{quota.scope}</span>
                )}
              </span>
              <Meter
                label={pick(quota.title)}
                used={quota.used}
                limit={quota.limit}
                text={t.usedOf(quota.used, quota.limit)}
              />
              <span className="text-solid-gray-700 tabular-nums">
                {t.waiting} {quota.waiting}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
