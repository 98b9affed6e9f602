import { compileGlob, patternCodes } from '../compile/glob.ts'
import { type ActionFacts, type Facts, familyOf } from '../facts.ts'
import type { PatternElement } from '../policies.ts'

/** An action that AWS has, with the service that it belongs to. */
export interface KnownAction extends ActionFacts {
  /** `s3:GetObject`. */
  readonly text: string
}

/**
 * The actions that a pattern reaches; `null` where it cannot be told: `*`, a service behind wildcards, or one whose
 * actions are not loaded.
 */
export function actionsOf(pattern: string, facts: Facts): readonly KnownAction[] | null {
  const [prefix = '', name = ''] = pattern.toLowerCase().split(':')
  const service = facts.service(prefix)
  if (service === undefined || service.actions.size === 0) return null
  const known = (action: ActionFacts): KnownAction => ({ ...action, text: `${prefix}:${action.name}` })
  if (!/[*?]/.test(name)) {
    const action = service.actions.get(name)
    return action === undefined ? [] : [known(action)]
  }
  const match = compileGlob(patternCodes(name))
  return [...service.actions].filter(([lower]) => match(lower)).map(([, action]) => known(action))
}

/** The actions of a statement; `null` where one of its patterns cannot be told, or where there is none. */
export function reachOf({ negated, patterns }: PatternElement, facts: Facts): readonly KnownAction[] | null {
  if (negated) return null
  const found: KnownAction[] = []
  for (const pattern of patterns) {
    const actions = actionsOf(pattern, facts)
    if (actions === null) return null
    found.push(...actions)
  }
  return found.length === 0 ? null : found
}

/** Families by AWS's spelling: some thousand, asked for again with every action. */
const FAMILIES = new Map<string, string>()

function familyFor(listed: string): string {
  const known = FAMILIES.get(listed) ?? familyOf(listed)
  FAMILIES.set(listed, known)
  return known
}

/** Whether a key (lower case) is the one that AWS lists, or of the family that it lists. */
export function isKey(key: string, listed: string): boolean {
  const family = familyFor(listed)
  return family === key || (key.startsWith(family) && key.length > family.length && /[/:]$/.test(family))
}

/** `a`, `b` and 3 more, in backticks. */
export function fewOf(texts: readonly string[], most = 3): string {
  const shown = texts.slice(0, most).map((text) => `\`${text}\``)
  const more = texts.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
