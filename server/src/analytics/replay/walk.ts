import type { Texts } from '../trail/texts.ts'
import type { ArnAutomaton } from './arns.ts'
import type { Kernel } from './kernel.ts'
import { AGAIN, DONE, STEP, WALK } from './structures.ts'

/** Numbers of texts by what `ask` says of them; texts of which the automaton says the same are asked once. */
export type Walk = (texts: Texts, ask: (text: string) => number, plain?: Uint8Array) => Int32Array

/** Leads texts through an automaton: with `plain` the ARNs of resources, otherwise the values of context keys. */
export function walkThrough(automaton: ArnAutomaton, kernel: Kernel): Walk {
  const { wasm } = kernel
  const at = wasm.newWalk() >>> 0
  return ({ shared, lengths, starts, bytes }, ask, plain) => {
    const found = kernel.take(lengths.length)
    kernel.set(at, WALK, {
      automaton: automaton.at,
      shared: kernel.place(shared),
      lengths: kernel.place(lengths),
      starts: kernel.place(starts),
      bytes: kernel.place(bytes),
      count: lengths.length,
      found: found.byteOffset,
      full: automaton.isFull() ? 1 : 0,
      plain: plain === undefined ? 0 : kernel.place(plain),
    })
    const stopped = (field: 'code' | 'state' | 'byte' | 'text') => kernel.field(at, WALK.at[field])
    wasm.beginWalk(at)
    while (true) {
      const why = plain === undefined ? wasm.walkEntries(at) : wasm.walkResources(at)
      if (why === DONE) return found
      if (why === AGAIN) continue
      if (why === STEP && !automaton.isFull()) {
        automaton.step(stopped('state'), stopped('byte'))
        continue
      }
      if (automaton.isFull()) kernel.put(at, WALK.at.full, 1)
      const length = lengths[stopped('code')]
      const text = Buffer.from(kernel.bytes().buffer, stopped('text'), length).toString()
      wasm.tellClass(at, ask(text))
    }
  }
}
