import type { ReplayView } from '@rankan/server/domain/policies/replays.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Label, ProgressBar } from 'react-aria-components'
import { useMay } from '../../../../app/session.tsx'
import { Button } from '../../../../components/Button.tsx'
import { Confirm } from '../../../../components/Dialog.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { toast } from '../../../../components/Toast.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { cancelReplay } from '../../api.ts'
import { texts } from '../i18n/texts.ts'
import { percentOf } from '../view.ts'

/** How far a replay is, with a way to stop it. */
export function ReplayProgress({ replay }: { readonly replay: ReplayView }) {
  const t = useTexts(texts)
  const mayCancel = useMay('replay.cancel')
  const { progress } = replay
  const percent = percentOf(progress)
  return (
    <div className="flex flex-col gap-3 rounded-12 border border-solid-gray-420 p-5">
      <ProgressBar
        {...(percent === null ? { isIndeterminate: true } : { value: percent })}
        className="flex flex-col gap-2"
      >
        <Label className="text-std-16B-170">
          {replay.cancelling ? t.cancelling : t.phaseOf[progress.phase]}
        </Label>
        <span aria-hidden="true" className="flex items-center gap-3">
          <span className="h-3 flex-1 overflow-hidden rounded-full bg-solid-gray-100">
            <span
              className="block h-full bg-blue-900 motion-safe:transition-[width]"
              style={{ width: `${percent ?? 5}%` }}
            />
          </span>
          <span className="w-14 text-right tabular-nums">{percent === null ? '…' : `${percent}%`}</span>
        </span>
      </ProgressBar>
      <p className="flex flex-wrap gap-x-6 text-solid-gray-700 tabular-nums">
        <span>{t.progressFiles(progress.filesRead, progress.filesTotal)}</span>
        <span>{t.progressEvents(progress.eventsRead)}</span>
        <span>{t.progressFacts(progress.factsAsked, progress.factsTotal)}</span>
        {replay.attempts > 1 ? <span>{t.attempts(replay.attempts)}</span> : null}
      </p>
      {mayCancel && !replay.cancelling ? <Cancel replayId={replay.id} /> : null}
    </div>
  )
}

function Cancel({ replayId }: { readonly replayId: string }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const cancel = useMutation({
    mutationFn: () => cancelReplay(replayId),
    onSuccess: async () => {
      setOpen(false)
      toast(t.cancelled)
      await client.invalidateQueries({ queryKey: ['replays'] })
    },
  })
  return (
    <div>
      <Button look="secondary" onPress={() => setOpen(true)}>
        {t.cancel}
      </Button>
      <Confirm
        title={t.cancelTitle}
        isOpen={open}
        onClose={() => setOpen(false)}
        action={t.cancel}
        danger
        pending={cancel.isPending}
        onConfirm={() => cancel.mutate()}
      >
        {cancel.error === null ? null : <ErrorView error={cancel.error} />}
        <p>{t.cancelText}</p>
      </Confirm>
    </div>
  )
}
