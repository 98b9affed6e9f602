import type { IamFacts } from '../../policy/trail/facts.ts'
import { entryOf } from '../../policy/trail/requests.ts'
import { BLANK, PRINCIPAL_ORG_KEYS, RESOURCE_ORG_KEYS, trailRequestOf } from '../replay/check.ts'
import type { Estate } from '../replay/estate.ts'
import { actionSet } from './actions.ts'
import { type Dialect, literal } from './dialect.ts'
import { choose } from './truth.ts'

/** States of a key in SQL, beside its values. */
export const STATE = { unknown: 0, absent: 1, known: 2 } as const

export interface KeyColumns {
  /** Of 0, 1, 2. */
  readonly state: string
  /** List of texts; null unless known. */
  readonly values: string
}

export interface KeyParts {
  readonly dialect: Dialect
  readonly iam: IamFacts
  readonly estate: Estate
  /** Actions for which the key is asked. */
  readonly actions: readonly string[]
  /** What a record tells of a key; left out: what the three maps of a row of facts tell. */
  readonly told?: (key: string) => readonly Source[]
}

/** One source of a key: whether it tells of it (never null), and then what; `known` false: it tells that the key is absent. */
export interface Source {
  readonly tells: string
  readonly values: string
  readonly known: string
}

/** What a row of facts tells of one key: `entryOf` of `policy/trail/requests.ts`, and the tree's keys, in SQL. */
export function keyColumns(key: string, parts: KeyParts): KeyColumns {
  const { dialect } = parts
  const sources = sourcesOf(key, parts)
  const state = choose(
    sources.map(({ tells, known }) => [
      tells,
      known === 'true'
        ? String(STATE.known)
        : `(case when ${known} then ${STATE.known} else ${STATE.absent} end)`,
    ]),
    defaultState(key, parts),
  )
  return {
    state,
    values: choose(
      sources.map(({ tells, values }) => [tells, values]),
      dialect.noTexts,
    ),
  }
}

function sourcesOf(key: string, parts: KeyParts): readonly Source[] {
  const one = (tells: string, text: string): Source => ({
    tells,
    values: parts.dialect.one(text),
    known: 'true',
  })
  if (key === 'aws:requestedregion') return [one("region <> ''", 'region')]
  if (key === 'aws:resourceaccount' || key === 's3:resourceaccount')
    return [one('owner is not null', 'owner')]
  const own: Source[] = []
  if (key === 'kms:calleraccount') own.push(one("(paccount is not null and action like 'kms:%')", 'paccount'))
  if (key === 'ec2:region') own.push(one("(action like 'ec2:%' and region <> '')", 'region'))
  return [...orgSources(key, parts), ...own, ...(parts.told?.(key) ?? mapSources(key, parts.dialect))]
}

/** Own name, else the longest family; families end after a slash or a colon (tags, encryption contexts). */
function mapSources(key: string, dialect: Dialect): readonly Source[] {
  const names = [key]
  for (let end = key.length - 1; end > 0; end--)
    if (/[/:]/.test(key[end - 1] ?? '')) names.push(`${key.slice(0, end)}*`)
  return ['context_keys', 'caller_keys', 'network_keys'].flatMap((map) =>
    names.map((name) => ({
      tells: dialect.mapHas(map, name),
      values: dialect.mapGet(map, name),
      known: `${dialect.mapGet(map, name)} is not null`,
    })),
  )
}

/** A key that nothing tells is unknown, or absent where the action cannot carry it. */
function defaultState(key: string, { iam, actions }: KeyParts): string {
  const takes = (action: string) =>
    entryOf(trailRequestOf({ ...BLANK, action }), key, iam).state === 'unknown'
  return choose([[actionSet(actions, takes), String(STATE.unknown)]], String(STATE.absent))
}

/** Keys that the tree tells: of members alone. */
function orgSources(key: string, { dialect, estate: { tree } }: KeyParts): readonly Source[] {
  const ofPrincipal = PRINCIPAL_ORG_KEYS.has(key)
  if (tree === null || tree.organizationId === null || !(ofPrincipal || RESOURCE_ORG_KEYS.has(key))) return []
  const path = ofPrincipal ? 'caller_path' : 'owner_path'
  const value = key.endsWith('paths') ? path : literal(tree.organizationId)
  return [
    ...(ofPrincipal
      ? [{ tells: "ptype in ('service', 'anonymous')", values: dialect.noTexts, known: 'false' }]
      : []),
    { tells: `${path} is not null`, values: dialect.one(value), known: 'true' },
  ]
}
