import type { ApplicationView } from '@rankan/server/domain/applications/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Section } from '../../../components/Page.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { addComment } from '../api.ts'
import { texts } from '../i18n/texts.ts'

export function Thread({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [body, setBody] = useState('')
  const send = useMutation({
    mutationFn: () => addComment(application.id, body.trim()),
    onSuccess: async () => {
      setBody('')
      await client.invalidateQueries({ queryKey: ['applications'] })
    },
  })
  return (
    <Section title={t.comments}>
      {application.comments.length === 0 ? <p className="text-solid-gray-700">{t.noComments}</p> : null}
      <ol className="flex flex-col gap-3">
        {application.comments.map((comment) => (
          <li key={comment.id} className="rounded-12 border border-solid-gray-420 p-3">
            <p className="text-solid-gray-700">
              <strong>{comment.author.name}</strong> <DateText at={comment.at} />
            </p>
            <p className="break-words whitespace-pre-wrap">{comment.body}</p>
          </li>
        ))}
      </ol>
      {application.actions.includes('comment') ? (
        <div className="flex flex-col items-start gap-2">
          {send.error === null ? null : <ErrorView error={send.error} />}
          <Field label={t.writeComment} value={body} onChange={setBody} multiline className="w-full" />
          <Button
            look="secondary"
            isDisabled={body.trim() === ''}
            isPending={send.isPending}
            onPress={() => send.mutate()}
          >
            {t.send}
          </Button>
        </div>
      ) : null}
    </Section>
  )
}
