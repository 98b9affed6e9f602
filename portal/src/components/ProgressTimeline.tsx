import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type TimelineState = 'done' | 'running' | 'waiting' | 'failed' | 'pending'

export interface TimelineStep {
  readonly key: string
  readonly title: ReactNode
  readonly state: TimelineState
  /** The state in words: colour and mark alone do not carry it. */
  readonly stateText: string
  readonly meta?: ReactNode
  readonly children?: ReactNode
}

const MARKS: Readonly<Record<TimelineState, { readonly mark: string; readonly look: string }>> = {
  done: { mark: '✓', look: 'border-green-900 bg-green-900 text-white' },
  running: { mark: '▶', look: 'border-blue-900 bg-blue-900 text-white motion-safe:animate-pulse' },
  waiting: { mark: '◷', look: 'border-blue-900 bg-white text-blue-900' },
  failed: { mark: '✕', look: 'border-error-2 bg-error-2 text-white' },
  pending: { mark: '', look: 'border-solid-gray-420 bg-white text-solid-gray-700' },
}

/** What happened, what happens and what will: one line per step, the newest state read aloud politely. */
export function ProgressTimeline({
  steps,
  label,
}: {
  readonly steps: readonly TimelineStep[]
  readonly label: string
}) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {steps.map((step, index) => (
        <li key={step.key} className="relative flex gap-4 pb-5 last:pb-0">
          {index === steps.length - 1 ? null : (
            <span
              aria-hidden="true"
              className="absolute top-8 bottom-0 left-4 -ml-px w-0.5 bg-solid-gray-300"
            />
          )}
          <span
            aria-hidden="true"
            className={classes(
              'z-10 flex size-8 shrink-0 items-center justify-center rounded-full border-2 text-oln-14B-100',
              MARKS[step.state].look,
            )}
          >
            {MARKS[step.state].mark}
          </span>
          <div className="min-w-0 flex-1 pt-0.5">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="text-std-16B-170">{step.title}</span>
              <span className={step.state === 'failed' ? 'text-error-2' : 'text-solid-gray-700'}>
                {step.stateText}
              </span>
            </p>
            {step.meta === undefined ? null : <p className="text-solid-gray-700">{step.meta}</p>}
            {step.children}
          </div>
        </li>
      ))}
    </ol>
  )
}
