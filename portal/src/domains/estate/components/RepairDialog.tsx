import type { QueueItem, RepairRequest } from '@rankan/server/domain/accounts/work-view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { repairWork } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** Retry or give up from the queue; a field is corrected on the application's page, where its failure is explained. */
export function RepairDialog({ item, onClose }: { readonly item: QueueItem; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const repair = useMutation({
    mutationFn: (body: RepairRequest) => repairWork(item.workId, body),
    onSuccess: async () => {
      toast(t.repairSent)
      onClose()
      await client.invalidateQueries({ queryKey: ['queue'] })
    },
  })
  const giveUp = () => {
    setAsked(true)
    if (reason.trim() !== '') repair.mutate({ action: 'give_up', reason: reason.trim() })
  }
  return (
    <Dialog title={t.repairTitle} isOpen onClose={onClose}>
      {repair.error === null ? null : <ErrorView error={repair.error} />}
      <p>
        <ApplicationLink id={item.applicationId}>{t.openApplication}</ApplicationLink>
      </p>
      <div className="flex flex-col items-start gap-2">
        <p>{t.repairRetryText}</p>
        <Button onPress={() => repair.mutate({ action: 'retry' })} isPending={repair.isPending}>
          {t.repairRetry}
        </Button>
      </div>
      <hr className="border-solid-gray-420" />
      <div className="flex flex-col items-start gap-2">
        <p>{t.repairGiveUpText}</p>
        <Field
          label={t.reason}
          value={reason}
          onChange={setReason}
          required
          className="w-full"
          error={asked && reason.trim() === '' ? t.reasonNeeded : null}
        />
        <Button look="danger" onPress={giveUp} isPending={repair.isPending}>
          {t.repairGiveUp}
        </Button>
      </div>
    </Dialog>
  )
}
