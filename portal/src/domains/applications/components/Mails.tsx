import type { MailRow, MailView } from '@rankan/server/domain/mail/view.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Section } from '../../../components/Page.tsx'
import { StatusBadge, type Tone } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { mailQuery, retryMail } from '../api.ts'
import { texts } from '../i18n/texts.ts'

const TONES: Readonly<Record<MailRow['state'], Tone>> = { waiting: 'waiting', sent: 'good', dead: 'bad' }

/** Mails to the group addresses of organisations, for the centre: what waits, what went out, what is dead. */
export function Mails() {
  const t = useTexts(texts)
  const query = useQuery(mailQuery)
  return (
    <Section title={t.mailTitle}>
      <p className="text-solid-gray-700">{t.mailLead}</p>
      <Loaded query={query}>
        {(view) => (
          <>
            {view.gateway ? null : <Notice kind="warning" title={t.noGateway(view.waiting)} />}
            {view.dead === 0 ? null : <Notice kind="error" title={t.deadMails(view.dead)} />}
            <p>{t.mailCounts(view.waiting, view.sentToday)}</p>
            {view.items.length === 0 ? null : <MailTable view={view} />}
          </>
        )}
      </Loaded>
    </Section>
  )
}

/** A kind without words is shown by its name. */
function kindText(
  { mailKindOf, noticeOf }: ReturnType<typeof useTexts<typeof texts.ja>>,
  kind: string,
): string {
  const words: Readonly<Record<string, unknown>> = { ...noticeOf, ...mailKindOf }
  const found = words[kind]
  return typeof found === 'string' ? found : kind
}

function MailTable({ view }: { readonly view: MailView }) {
  const t = useTexts(texts)
  const mayRetry = useMay('mail.retry')
  const client = useQueryClient()
  const retry = useMutation({
    mutationFn: retryMail,
    onSuccess: () => client.invalidateQueries({ queryKey: ['mail'] }),
  })
  const { gateway } = view
  const { mutate } = retry
  const columns = useMemo(
    (): readonly Column<MailRow>[] => [
      {
        key: 'state',
        title: t.mailState,
        width: 9,
        value: (mail) => t.mailStateOf[mail.state],
        cell: (mail) => (
          <span className="flex flex-wrap items-center gap-2">
            <StatusBadge tone={TONES[mail.state]}>
              {mail.state === 'waiting' && !gateway ? t.notSent : t.mailStateOf[mail.state]}
            </StatusBadge>
            {mail.state === 'dead' && mayRetry ? (
              <Button look="secondary" small onPress={() => mutate(mail.id)}>
                {t.mailRetry}
              </Button>
            ) : null}
          </span>
        ),
      },
      { key: 'kind', title: t.mailKind, width: 11, value: (mail) => kindText(t, mail.kind) },
      { key: 'to', title: t.mailTo, width: 14, value: (mail) => mail.to ?? '—' },
      { key: 'attempts', title: t.mailAttempts, width: 5.5, align: 'end', value: (mail) => mail.attempts },
      {
        key: 'why',
        title: t.mailError,
        width: 11,
        value: (mail) => (mail.lastError === 'no_group_address' ? t.noGroupAddress : mail.lastError),
      },
      {
        key: 'at',
        title: t.mailAt,
        width: 9,
        value: (mail) => mail.at,
        cell: (mail) => <DateText at={mail.at} />,
      },
    ],
    [t, gateway, mayRetry, mutate],
  )
  return (
    <>
      {retry.error === null ? null : <ErrorView error={retry.error} />}
      <DataTable label={t.mailTitle} rows={view.items} columns={columns} rowKey={(mail) => mail.id} />
    </>
  )
}
