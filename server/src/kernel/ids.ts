import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford base 32, lower case

/** What an id names; the prefix shows it to people: `app_01j…`. */
export type IdKind =
  | 'org'
  | 'sys'
  | 'con'
  | 'per'
  | 'app'
  | 'acc'
  | 'aws'
  | 'imp'
  | 'prf'
  | 'req'
  | 'drf'
  | 'cmt'
  | 'dlg'
  | 'bat'
  | 'ses'
  | 'ctc'
  | 'grt'
  | 'rpl'
  | 'cpl'
  | 'cap'

export type IdSource = (kind: IdKind) => string

/** Sortable ids: 48 bits of milliseconds and 80 random bits (the layout of ULID), with the kind as prefix. */
export function idSource(clock: Clock, random: Random): IdSource {
  return (kind) => `${kind}_${encodeTime(clock.now().getTime())}${encodeRandom(random.bytes(16))}`
}

function encodeTime(ms: number): string {
  let rest = ms
  let text = ''
  for (let i = 0; i < 10; i++) {
    text = ALPHABET.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

const encodeRandom = (bytes: Uint8Array) => Array.from(bytes, (b) => ALPHABET.charAt(b % 32)).join('')
