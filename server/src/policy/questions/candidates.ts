import { principalGrants } from '../evaluate/statement-match.ts'
import { principalOf } from '../exchange/principal.ts'
import type { Policy, PrincipalElement, PrincipalEntry, Statement } from '../policies.ts'
import { anyGrant } from '../principal/match.ts'
import type { Principal } from '../request.ts'

const FRESH_ACCOUNT = '999999999999'
/** Whoever asks, where the policies do not say who. */
export const SOMEBODY: Principal = {
  type: 'user',
  arn: 'arn:aws:iam::111122223333:user/somebody',
  account: '111122223333',
  canonicalUser: 'none',
}

/**
 * Principals of which every other principal behaves like one, as far as the `Principal` elements of the policies can tell:
 * those that they name, and somebody else of each kind.
 */
export function candidatesFor(policies: readonly Policy[]): readonly Principal[] {
  const elements = policies.flatMap(({ statements }) =>
    statements.flatMap(({ principal }) => principal ?? []),
  )
  if (elements.every(isEveryone)) return [SOMEBODY]
  const entries = elements.flatMap((element) => element.entries)
  const texts = [
    ...entries.flatMap(named),
    ...accountsOf(entries).flatMap(somebodyOf),
    'service.amazonaws.com',
    'anonymous',
  ]
  const known = [...new Set(texts)].flatMap((text) => principalOf(text) ?? []).map(complete)
  const canonical = entries.flatMap(({ type, value }): readonly Principal[] =>
    type === 'CanonicalUser' ? [{ ...SOMEBODY, canonicalUser: value }] : [],
  )
  const providers = entries.flatMap(({ type, value }): readonly Principal[] =>
    type === 'Federated' ? [{ type: 'web_identity', arn: null, account: null, provider: value }] : [],
  )
  return [...known, ...canonical, ...providers]
}

export const isEveryone = ({ negated, entries }: PrincipalElement): boolean =>
  !negated && entries.some(({ type, value }) => type === 'AWS' && value === '*')

/** Positions of the candidates of whom the statement speaks. */
export const spokenTo = (statement: Statement, candidates: readonly Principal[]): ReadonlySet<number> =>
  new Set(
    candidates.flatMap((candidate, i) =>
      anyGrant(principalGrants(statement, candidate, null)) === 'yes' ? [i] : [],
    ),
  )

const named = ({ type, value }: PrincipalEntry): readonly string[] =>
  (type === 'AWS' && value.startsWith('arn:')) || (type === 'Service' && value !== '*') ? [value] : []

function accountsOf(entries: readonly PrincipalEntry[]): readonly string[] {
  const own = entries.flatMap(
    ({ value }) => /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(value)?.[1] ?? [],
  )
  return [...new Set([...own, FRESH_ACCOUNT])]
}

const somebodyOf = (account: string): readonly string[] => [
  `arn:aws:iam::${account}:root`,
  `arn:aws:iam::${account}:user/somebody`,
  `arn:aws:sts::${account}:assumed-role/Somebody/session`,
]

/** Nothing may be left open: a role is asked by one of its sessions, nobody has a canonical id that is named. */
function complete(principal: Principal): Principal {
  if (principal.account === null) return principal
  const isRole = principal.type === 'role' || principal.type === 'service_linked_role'
  const session = isRole ? { sessionArn: principal.sessionArn ?? sessionOf(principal) } : {}
  return { ...principal, ...session, canonicalUser: 'none' }
}

const sessionOf = ({ arn, account }: Principal): string =>
  `arn:aws:sts::${account}:assumed-role/${(arn ?? '').split('/').at(-1)}/session`
