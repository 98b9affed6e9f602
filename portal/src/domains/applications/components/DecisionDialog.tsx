import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Confirm } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { type Decision, decide } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** Approve, return or reject one application, in the version that the approver has before the eyes. */
export function DecisionDialog(props: {
  readonly application: { readonly id: string; readonly version: number }
  readonly decision: Decision
  readonly onClose: () => void
}) {
  const { application, decision, onClose } = props
  const t = useTexts(texts)
  const client = useQueryClient()
  const [comment, setComment] = useState('')
  const [asked, setAsked] = useState(false)
  const needed = decision !== 'approve'
  const missing = needed && comment.trim() === ''
  const send = useMutation({
    mutationFn: () => decide(application.id, application.version, decision, comment.trim()),
    onSuccess: async () => {
      toast(t.decided[decision])
      onClose()
      await client.invalidateQueries({ queryKey: ['applications'] })
    },
  })
  return (
    <Confirm
      title={t.decisionTitle[decision]}
      isOpen
      onClose={onClose}
      action={t.decisionTitle[decision]}
      danger={decision === 'reject'}
      pending={send.isPending}
      onConfirm={() => {
        setAsked(true)
        if (!missing) send.mutate()
      }}
    >
      {send.error === null ? null : <ErrorView error={send.error} />}
      <Field
        label={t.comment}
        hint={t.commentHint}
        value={comment}
        onChange={setComment}
        multiline
        required={needed}
        error={asked && missing ? t.commentNeeded : null}
      />
    </Confirm>
  )
}
