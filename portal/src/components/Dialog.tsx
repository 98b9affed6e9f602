import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { Button } from './Button.tsx'
import { classes } from './classes.ts'

export interface DialogProps {
  readonly title: ReactNode
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly wide?: boolean
}

/** A modal window: focus is kept inside, Escape closes it, focus goes back to where it was. */
export function Dialog({ title, isOpen, onClose, children, wide }: DialogProps) {
  const t = useTexts(common)
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      isDismissable
      className="fixed inset-0 z-50 flex items-center justify-center bg-opacity-gray-600 p-4"
    >
      <Modal
        className={classes(
          'max-h-full w-full overflow-auto rounded-16 bg-white shadow-6',
          wide ? 'max-w-3xl' : 'max-w-lg',
        )}
      >
        <AriaDialog className="flex flex-col gap-4 p-6 outline-none">
          <div className="flex items-start justify-between gap-4">
            <Heading slot="title" className="text-std-20B-150">
              {title}
            </Heading>
            <Button look="quiet" small onPress={onClose} aria-label={t.close}>
              ✕
            </Button>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

export interface ConfirmProps extends DialogProps {
  readonly action: ReactNode
  readonly onConfirm: () => void
  readonly danger?: boolean
  readonly pending?: boolean
  readonly disabled?: boolean
}

/** Asks before something that cannot be undone. Where it can be undone, do it and offer `undo` in a toast instead. */
export function Confirm({ action, onConfirm, danger, pending, disabled, children, ...dialog }: ConfirmProps) {
  const t = useTexts(common)
  return (
    <Dialog {...dialog}>
      {children}
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="secondary" onPress={dialog.onClose}>
          {t.cancel}
        </Button>
        <Button
          look={danger ? 'danger' : 'primary'}
          onPress={onConfirm}
          isPending={pending ?? false}
          isDisabled={disabled ?? false}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
