import { RankanError } from '../../kernel/errors.ts'
import type { Facts } from '../facts.ts'
import type { Policy, PolicyKind } from '../policies.ts'
import { MAX_CHARACTERS, MAX_PER_TARGET } from '../rules/rules.ts'
import { type Budget, budgetOf, spend } from '../sets/budget.ts'
import { collapsed } from './collapse.ts'
import { covers, neverMatches } from './cover.ts'
import { merged } from './merge.ts'
import { type Piece, piecesOf, type Source } from './piece.ts'
import { slimmed } from './redundant.ts'
import { binned, fitting, type Written } from './split.ts'
import { documentText } from './write.ts'

export interface PackOptions {
  /** Characters of a document; the default is the quota of the kind. */
  readonly characters?: number
  /** Documents that may stand side by side; the default is the quota of the kind, where there is one. */
  readonly slots?: number
  /** With AWS's actions, names may become wildcards that are equal over the actions of today. */
  readonly collapseWith?: Facts
}

export interface Packed {
  readonly documents: readonly PackedDocument[]
  readonly dropped: readonly Dropped[]
  /** Whether every document is short enough and there are slots for all. */
  readonly fits: boolean
  readonly limits: { readonly characters: number; readonly slots: number | null }
  readonly before: { readonly documents: number; readonly statements: number }
}

export interface PackedDocument {
  readonly text: string
  readonly characters: number
  readonly statements: readonly PackedStatement[]
}

export interface PackedStatement {
  readonly sources: readonly Source[]
  /** Wildcards that are equal to the names only over AWS's actions of today. */
  readonly overKnownActions: readonly string[]
}

export interface Dropped {
  readonly source: Source
  readonly because: 'covered' | 'never_matches'
  /** The statements that do all that this one does. */
  readonly by: readonly Source[]
}

/** Work for all comparisons of a packing: some seconds. What they no longer reach stays as it was written. */
const STEPS = 40_000_000

/**
 * Policies of one kind that stand side by side (one level of the organisation, one identity, one resource), in as few and
 * short documents as we find. Every request is decided as before, also where something is unknown, except where
 * `collapseWith` was asked for: then every request for an action that AWS has today.
 */
export function pack(policies: readonly Policy[], options: PackOptions = {}): Packed {
  const kind = onlyKind(policies)
  const limits = {
    characters: options.characters ?? MAX_CHARACTERS[kind],
    slots: options.slots ?? MAX_PER_TARGET[kind] ?? null,
  }
  const budget = budgetOf(STEPS)
  const pieces = policies.flatMap(piecesOf).map((piece) => slimmed(piece, budget))
  const { kept, dropped } = withoutCovered(pieces, budget)
  const joined = withoutCovered(merged(kept, budget), budget)
  const { collapseWith } = options
  const final =
    collapseWith === undefined
      ? joined.kept
      : joined.kept.map((piece) => slimmed(collapsed(piece, collapseWith), budget))
  const bins = binned(
    final.flatMap((piece) => fitting(piece, limits.characters)),
    limits.characters,
  )
  const documents = bins.map(documentOf).sort((a, b) => (a.text < b.text ? -1 : 1))
  return {
    documents,
    dropped: [...dropped, ...joined.dropped],
    fits:
      documents.every(({ characters }) => characters <= limits.characters) &&
      (limits.slots === null || documents.length <= limits.slots),
    limits,
    before: {
      documents: policies.length,
      statements: policies.reduce((sum, { statements }) => sum + statements.length, 0),
    },
  }
}

function onlyKind(policies: readonly Policy[]): PolicyKind {
  const kinds = [...new Set(policies.map(({ kind }) => kind))]
  const [kind] = kinds
  if (kind !== undefined && kinds.length === 1) return kind
  throw new RankanError(
    'invalid',
    'mixed_kinds',
    `Policies of one kind can be packed, not ${kinds.join(', ') || 'none'}.`,
  )
}

/** As far as the budget goes: what is not compared any more stays as it is. */
function withoutCovered(
  pieces: readonly Piece[],
  budget: Budget,
): { kept: readonly Piece[]; dropped: readonly Dropped[] } {
  const dropped: Dropped[] = []
  let kept = pieces
  for (const piece of pieces) {
    if (!spend(budget, kept.length)) break
    const others = kept.filter((one) => one !== piece)
    // An empty boundary denies everything, none at all denies nothing: something stays, whatever it takes.
    if (others.length === 0) break
    const by = neverMatches(piece) ? null : others.find((other) => covers(other, piece, budget))
    if (by === undefined) continue
    for (const source of piece.sources)
      dropped.push({ source, because: by === null ? 'never_matches' : 'covered', by: by?.sources ?? [] })
    kept = others
  }
  return { kept, dropped }
}

function documentOf(items: readonly Written[]): PackedDocument {
  const sorted = [...items].sort((a, b) => (a.json < b.json ? -1 : 1))
  const text = documentText(
    sorted.map(({ json }) => json),
    sorted[0]?.piece.version ?? '2012-10-17',
  )
  return {
    text,
    characters: text.length,
    statements: sorted.map(({ piece }) => ({ sources: piece.sources, overKnownActions: piece.collapsed })),
  }
}
