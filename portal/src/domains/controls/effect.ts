import type { FormInForce } from '@rankan/server/src/catalog/view.ts'

export type Effect = 'full' | 'partly' | 'none'

/** `full`: every call that the control denies is denied. Without a call to ask nothing is known to be denied. */
export function effectOf(forms: readonly FormInForce[]): Effect {
  const tried = forms.reduce((sum, form) => sum + form.tried, 0)
  const denied = forms.reduce((sum, form) => sum + form.denied, 0)
  if (denied === 0) return 'none'
  return denied === tried ? 'full' : 'partly'
}
