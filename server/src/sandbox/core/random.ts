/** Deterministic numbers whose state is one integer, so that the journal can hold it (mulberry32). */
export interface Draws {
  state: number
}

export function draw(draws: Draws): number {
  draws.state = (draws.state + 0x6d2b79f5) >>> 0
  let t = draws.state
  t = Math.imul(t ^ (t >>> 15), t | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const ALPHANUMERIC = '0123456789abcdefghijklmnopqrstuvwxyz'

export function drawText(draws: Draws, length: number, alphabet = ALPHANUMERIC): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet.charAt(Math.floor(draw(draws) * alphabet.length))
  return text
}
