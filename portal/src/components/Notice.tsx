import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type NoticeKind = 'info' | 'success' | 'warning' | 'error'

const LOOKS: Readonly<Record<NoticeKind, { readonly border: string; readonly mark: string }>> = {
  info: { border: 'border-blue-900', mark: 'ⓘ' },
  success: { border: 'border-success-2', mark: '✓' },
  warning: { border: 'border-warning-yellow-2', mark: '⚠' },
  error: { border: 'border-error-1', mark: '✕' },
}

/** A box beside the text that must be seen. An error is announced at once (`role=alert`). */
export function Notice(props: {
  readonly kind: NoticeKind
  readonly title: ReactNode
  readonly children?: ReactNode
}) {
  const { border, mark } = LOOKS[props.kind]
  return (
    <div
      role={props.kind === 'error' ? 'alert' : 'note'}
      className={classes('flex gap-3 rounded-12 border-2 bg-white p-4', border)}
    >
      <span aria-hidden="true" className="text-std-20B-150">
        {mark}
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-std-17B-170">{props.title}</p>
        {props.children}
      </div>
    </div>
  )
}
