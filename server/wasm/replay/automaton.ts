import { allot, moved } from './memory'

/** A state has 128 transitions of four bytes. */
export const STATE_SHIFT: usize = 9

/** States after a byte (one more, 0: not made), whether nothing leads out of a state, and what it matches. */
@unmanaged
export class Automaton {
  // Read by JavaScript, in this order.
  next: usize
  finals: usize
  matches: usize
  start: i32
  /** Of what matches: its class and one more, 0: not known. */
  classes: usize
  room: i32
}

export function newAutomaton(): usize {
  return allot(offsetof<Automaton>())
}

/** Makes room for so many states. */
export function fitAutomaton(automaton: Automaton, states: i32): void {
  if (states <= automaton.room) return
  const room = <usize>max(2 * automaton.room, states)
  const before = <usize>automaton.room
  automaton.next = moved(automaton.next, before << STATE_SHIFT, room << STATE_SHIFT)
  automaton.finals = moved(automaton.finals, before, room)
  automaton.matches = moved(automaton.matches, before << 2, room << 2)
  automaton.classes = moved(automaton.classes, before << 2, room << 2)
  automaton.room = <i32>room
}
