/**
 * Structures of the loops (`server/wasm/replay`) by the names of their fields, in the order in which they stand in memory,
 * four bytes each. `given` is set here before a loop runs; `said` is what a loop has found, and where it stopped. A test
 * reads the classes in the loops' source and compares them.
 */
export interface Structure<Given extends string = string, Said extends string = string> {
  readonly given: readonly Given[]
  /** Place of each field, counted in fields. */
  readonly at: Readonly<Record<Given | Said, number>>
}

function structure<const Given extends string, const Said extends string>(
  given: readonly Given[],
  said: readonly Said[],
): Structure<Given, Said> {
  const places = [...given, ...said].map((name, at) => [name, at] as const)
  return { given, at: Object.fromEntries(places) as Record<Given | Said, number> }
}

export const AUTOMATON = structure([], ['next', 'finals', 'matches', 'start'])
export const WALK = structure(
  ['automaton', 'shared', 'lengths', 'starts', 'bytes', 'count', 'found', 'full', 'plain'],
  ['code', 'state', 'byte', 'text'],
)
export const OBJECTS = structure(
  ['shapeOf', 'entries', 'count', 'found', 'widths', 'firsts', 'places'],
  ['code'],
)
export const CHECKS = structure(
  [
    'runs',
    'rows',
    'firsts',
    'seen',
    'context',
    'principal',
    'network',
    'resource',
    'region',
    'action',
    'contexts',
    'principals',
    'networks',
    'resources',
    'regions',
    'actions',
    'when',
    'since',
    'until',
    'found',
  ],
  ['run', 'row', 'tuple0', 'tuple1', 'tuple2', 'tuple3', 'tuple4', 'tuple5', 'view'],
)
export const KEPT = structure(
  [
    'runs',
    'rows',
    'firsts',
    'when',
    'since',
    'until',
    'found',
    'foundBefore',
    'verdicts',
    'verdictsBefore',
    'keptRows',
    'keptRuns',
    'outcomes',
    'outcomesBefore',
  ],
  ['run', 'count'],
)
export const COUNTING = structure(
  [
    'part',
    'kept',
    'rows',
    'runs',
    'outcomes',
    'outcomesBefore',
    'verdicts',
    'verdictsBefore',
    'call',
    'when',
    'calls',
    'first',
    'last',
    'resource',
    'ids',
    'numbers',
    'resources',
    'sorts',
    'tables',
  ],
  ['lines', 'size'],
)
export const SUMS = structure([], ['size', 'keys', 'sums'])
export const RESOURCES = structure([], ['size', 'ids', 'places'])

/** What a loop says when it comes back: done; call again; a transition of an automaton is missing. Else a class or an outcome is. */
export const [DONE, AGAIN, STEP] = [0, 1, 2] as const
/** Transitions of a state: bytes below this alone. */
export const ASCII = 128
/** Numbers of 64 bits of a sum: calls, those that AWS denied then, first and last. */
export const SUM_WIDTH = 4
/** The same of a counted line: sort and check, then the sum. */
export const LINE_WIDTH = 1 + SUM_WIDTH
/** States that an automaton has at most: what they match is told in 20 bits of a key. */
export const MAX_STATES = 20_000
