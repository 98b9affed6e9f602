import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../../app/session.tsx'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Page } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useLanguage } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { markAllRead, notificationsQuery } from '../api.ts'
import { Mails } from '../components/Mails.tsx'
import { texts } from '../i18n/texts.ts'

/** What happened to applications of the reader, and approvals that wait too long. */
export function Notifications() {
  const t = useTexts(texts)
  const client = useQueryClient()
  const query = useQuery(notificationsQuery)
  const read = useMutation({
    mutationFn: markAllRead,
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  })
  const seesMails = useMay('mail.read')
  const anyUnread = query.data?.items.some((item) => !item.read) ?? false
  return (
    <Page
      title={t.notificationsTitle}
      lead={t.notificationsLead}
      actions={
        anyUnread ? (
          <Button look="secondary" onPress={() => read.mutate()} isPending={read.isPending}>
            {t.markRead}
          </Button>
        ) : undefined
      }
    >
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t.noNotifications} />
          ) : (
            <ul className="flex flex-col divide-y divide-solid-gray-200">
              {items.map((item) => (
                <li key={item.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
                  {item.read ? null : <StatusBadge tone="active">{t.unread}</StatusBadge>}
                  {item.kind.startsWith('escalation.') ? (
                    <Link to="/organisations/attention">
                      <NoticeText kind={item.kind} params={item.params} />
                    </Link>
                  ) : (
                    <ApplicationLink id={item.subject}>
                      <NoticeText kind={item.kind} params={item.params} />
                    </ApplicationLink>
                  )}
                  <DateText at={item.at} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {seesMails ? <Mails /> : null}
    </Page>
  )
}

function NoticeText({
  kind,
  params,
}: {
  readonly kind: string
  readonly params: Readonly<Record<string, string>>
}) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const told = params[language] ?? ''
  if (kind === 'escalation.owner') return <>{t.escalatedToOwner(told)}</>
  if (kind === 'escalation.centre') return <>{t.escalatedToCentre(told)}</>
  if (kind === 'escalation.owner_digest') return <>{t.digestToOwner(params.count ?? '')}</>
  if (kind === 'escalation.centre_digest') return <>{t.digestToCentre(params.count ?? '')}</>
  const known = Object.entries(t.noticeOf).find(([name]) => name === kind)?.[1]
  if (known === undefined) return <>{kind}</>
  return <>{typeof known === 'string' ? known : known(params.hours ?? '')}</>
}
