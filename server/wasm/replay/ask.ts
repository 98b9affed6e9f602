/**
 * AssemblyScript, not TypeScript: the loops of a replay over millions of checks and values. Each runs as far as it can by what
 * it knows, and says what it lacks (a transition, a class, an outcome); JavaScript finds that out, puts it here, and calls it
 * again. A loop also comes back after some thousand steps: only a new call runs code that was compiled better meanwhile.
 *
 * Memory is given out one piece after the other, all zeros, and never given back; it is shared so that views of it stay
 * valid while it grows. Only the room for the sections of a part is used again, by JavaScript.
 */

export { fitAutomaton, newAutomaton } from './automaton'
export { askChecks, beginChecks, newChecks, tellOutcome } from './checks'
export { beginCounting, countAlone, newCounting, resourceOf } from './counting'
export { beginKept, keepChecks, newKept } from './kept'
export { allot } from './memory'
export { beginObjects, newObjects, tellObject, walkObjects } from './objects'
export { newResources } from './resources'
export { addSum, newSums } from './sums'
export { beginWalk, newWalk, tellClass, walkEntries, walkResources } from './texts'
