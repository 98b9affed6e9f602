import type { GuardrailPlace, GuardrailReading } from '../../ports/accounts.ts'

/** What is kept of one policy, as far as a change of it is a change. */
export interface KeptPolicy {
  readonly policyId: string
  readonly kind: string
  readonly name: string
  readonly description: string
  readonly sha256: string
}

export interface Kept {
  readonly places: readonly GuardrailPlace[]
  readonly policies: readonly KeptPolicy[]
  readonly attachments: GuardrailReading['attachments']
  readonly kinds: readonly string[]
}

/** Rows to write and to delete, so that what is kept says what was read. */
export interface GuardrailDiff {
  readonly places: Change<GuardrailPlace>
  readonly policies: Change<KeptPolicy>
  readonly attachments: Omit<Change<GuardrailReading['attachments'][number]>, 'changed'>
  readonly kindsChanged: boolean
}

export interface Change<T> {
  readonly added: readonly T[]
  readonly changed: readonly T[]
  readonly removed: readonly T[]
}

export function guardrailDiff(before: Kept, now: Kept): GuardrailDiff {
  return {
    places: changeOf(before.places, now.places, ({ id }) => id),
    policies: changeOf(before.policies, now.policies, ({ policyId }) => policyId),
    attachments: changeOf(before.attachments, now.attachments, (one) => `${one.policyId} ${one.targetId}`),
    kindsChanged: [...before.kinds].sort().join() !== [...now.kinds].sort().join(),
  }
}

function changeOf<T extends object>(
  before: readonly T[],
  now: readonly T[],
  keyOf: (one: T) => string,
): Change<T> {
  const known = new Map(before.map((one) => [keyOf(one), one]))
  const seen = new Set(now.map(keyOf))
  return {
    added: now.filter((one) => !known.has(keyOf(one))),
    changed: now.filter((one) => differs(known.get(keyOf(one)), one)),
    removed: before.filter((one) => !seen.has(keyOf(one))),
  }
}

const differs = <T extends object>(before: T | undefined, now: T): boolean =>
  before !== undefined && (Object.keys(now) as (keyof T)[]).some((key) => before[key] !== now[key])
