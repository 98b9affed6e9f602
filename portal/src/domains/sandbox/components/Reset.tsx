import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Section } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { reset, useChange } from '../api.ts'
import { texts } from '../i18n/texts.ts'

export function Reset() {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const send = useChange(
    () => reset(),
    t.resetDone,
    () => {
      setAsking(false)
      void client.invalidateQueries()
    },
  )
  return (
    <Section title={t.reset}>
      <div className="flex flex-col items-start gap-3">
        <p>{t.resetText}</p>
        <Button look="danger" onPress={() => setAsking(true)}>
          {t.resetDo}
        </Button>
      </div>
      <Confirm
        title={t.reset}
        isOpen={asking}
        onClose={() => setAsking(false)}
        action={t.resetDo}
        onConfirm={() => send.mutate(undefined)}
        pending={send.isPending}
        danger
      >
        {send.error === null ? null : <ErrorView error={send.error} />}
        <p>{t.resetText}</p>
      </Confirm>
    </Section>
  )
}
