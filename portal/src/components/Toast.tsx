import { Text } from 'react-aria-components'
import {
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { Button } from './Button.tsx'

interface ToastBody {
  readonly text: string
  readonly undo?: () => void
}

const queue = new ToastQueue<ToastBody>({ maxVisibleToasts: 3 })

/** WCAG 2.2.1: enough time to read; a toast with an action stays longer, and hovering or focus stops the clock. */
const READ_MS = 8_000
const ACT_MS = 20_000

/** Says that something was done. With `undo` the reader can take it back. */
export const toast = (text: string, undo?: () => void): void => {
  queue.add(undo === undefined ? { text } : { text, undo }, {
    timeout: undo === undefined ? READ_MS : ACT_MS,
  })
}

/** Once in the layout. */
export function Toasts() {
  const t = useTexts(common)
  return (
    <ToastRegion
      queue={queue}
      aria-label={t.notices}
      className="fixed right-4 bottom-4 left-4 z-40 ml-auto flex max-w-md flex-col gap-2"
    >
      {({ toast: shown }) => (
        <AriaToast
          toast={shown}
          className="flex items-center gap-3 rounded-12 bg-solid-gray-800 p-4 text-white shadow-4"
        >
          <ToastContent className="min-w-0 flex-1">
            <Text slot="title">{shown.content.text}</Text>
          </ToastContent>
          {shown.content.undo === undefined ? null : (
            <Button
              look="secondary"
              small
              onPress={() => {
                shown.content.undo?.()
                queue.close(shown.key)
              }}
            >
              {t.undo}
            </Button>
          )}
          <Button slot="close" look="secondary" small>
            {t.close}
          </Button>
        </AriaToast>
      )}
    </ToastRegion>
  )
}
