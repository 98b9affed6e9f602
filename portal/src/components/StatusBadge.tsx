import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** What a state means for its reader, apart from its name. */
export type Tone = 'neutral' | 'waiting' | 'active' | 'good' | 'warning' | 'bad'

const TONES: Readonly<Record<Tone, { readonly look: string; readonly mark: string }>> = {
  neutral: { look: 'border-solid-gray-600 text-solid-gray-800 bg-white', mark: '○' },
  waiting: { look: 'border-solid-gray-600 text-solid-gray-800 bg-solid-gray-50', mark: '◷' },
  active: { look: 'border-blue-900 text-blue-1000 bg-blue-50', mark: '▶' },
  good: { look: 'border-green-900 text-green-1000 bg-green-50', mark: '✓' },
  warning: { look: 'border-yellow-1000 text-yellow-1200 bg-yellow-50', mark: '!' },
  bad: { look: 'border-red-900 text-red-1000 bg-red-50', mark: '✕' },
}

/** Text, a mark and a colour: the colour alone never carries the meaning. */
export function StatusBadge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const { look, mark } = TONES[tone]
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1 rounded-6 border px-2 py-1 align-middle text-oln-14B-100',
        look,
      )}
    >
      <span aria-hidden="true">{mark}</span>
      {children}
    </span>
  )
}
