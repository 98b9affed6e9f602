import type { Texts } from '../trail/texts.ts'
import type { ArnAutomaton } from './arns.ts'
import { AGAIN, DONE, type Kernel, STEP } from './kernel.ts'

/** Numbers of texts by what `ask` says of them; texts of which the automaton says the same are asked once. */
export type Walk = (texts: Texts, ask: (text: string) => number, plain?: Uint8Array) => Int32Array

const [FULL, STOPPED] = [7, 9]

/** Leads texts through an automaton: with `plain` the ARNs of resources, otherwise the values of context keys. */
export function walkThrough(automaton: ArnAutomaton, kernel: Kernel): Walk {
  const { wasm } = kernel
  const at = wasm.newWalk() >>> 0
  return ({ shared, lengths, starts, bytes }, ask, plain) => {
    const found = kernel.take(lengths.length)
    const texts = [shared, lengths, starts, bytes].map(kernel.place)
    const isFull = automaton.isFull() ? 1 : 0
    const arns = plain === undefined ? 0 : kernel.place(plain)
    kernel.set(at, [automaton.at, ...texts, lengths.length, found.byteOffset, isFull, arns])
    wasm.beginWalk(at)
    while (true) {
      const why = plain === undefined ? wasm.walkEntries(at) : wasm.walkResources(at)
      if (why === DONE) return found
      if (why === AGAIN) continue
      const first = at / 4 + STOPPED
      const [code = 0, state = 0, byte = 0, text = 0] = kernel.ints().subarray(first, first + 4)
      if (why === STEP && !automaton.isFull()) {
        automaton.step(state, byte)
        continue
      }
      if (automaton.isFull()) kernel.set(at + 4 * FULL, [1])
      const begin = text >>> 0
      const read = Buffer.from(kernel.bytes().buffer, begin, lengths[code]).toString()
      wasm.tellClass(at, ask(read))
    }
  }
}
