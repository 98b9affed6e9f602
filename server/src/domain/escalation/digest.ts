import type { AttentionItem } from '../organisations/view.ts'
import type { Step } from './decide.ts'

/** So many things are told the same people one by one; more of them at once are one message. */
export const TOLD_SINGLY = 3
/** Of a digest's things so many are named; the page has all of them. */
const NAMED = 20

/** Who hears of a thing: the owners of an organisation, or the centre. */
export interface Audience {
  readonly whom: 'owner' | 'centre'
  /** Null for the centre. */
  readonly organisationId: string | null
}

/** Null: nobody is told by this step. */
export function audienceOf(step: Step): Audience | null {
  if (step.do === 'tell_owner') return { whom: 'owner', organisationId: step.item.organisation?.id ?? null }
  return step.do === 'tell_centre' ? { whom: 'centre', organisationId: null } : null
}

export const audienceKey = ({ whom, organisationId }: Audience): string => `${whom} ${organisationId ?? ''}`

/** Keys of the audiences that would hear of too many things in one sweep, as after the first import of a register. */
export function digestAudiences(steps: readonly Step[]): ReadonlySet<string> {
  const count = new Map<string, number>()
  for (const step of steps) {
    const audience = audienceOf(step)
    if (audience === null) continue
    const key = audienceKey(audience)
    count.set(key, (count.get(key) ?? 0) + 1)
  }
  return new Set([...count].filter(([, n]) => n > TOLD_SINGLY).map(([key]) => key))
}

/** Values for the text of a digest: how many, and the first of them in both languages, a line each. */
export function digestParams(
  items: readonly AttentionItem[],
): Readonly<Record<'count' | 'ja' | 'en', string>> {
  const lines = (language: 'ja' | 'en') => {
    const named = items.slice(0, NAMED).map((item) => `- ${item.words[language].replaceAll(/\s+/g, ' ')}`)
    return [...named, ...(items.length > NAMED ? ['- …'] : [])].join('\n')
  }
  return { count: String(items.length), ja: lines('ja'), en: lines('en') }
}
