/**
 * Finds the members of CloudTrail records that decide anything, in the bytes of the file, without building the
 * rest: most bytes of a trail are `responseElements`, ids and tokens that no policy asks for. Equal to
 * `JSON.parse` on valid JSON (property test); what is not valid where it looks is a `ScanError`.
 */
export const FIELDS = [
  'eventSource',
  'eventName',
  'eventType',
  'awsRegion',
  'userIdentity',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'errorMessage',
  'requestParameters',
  'resources',
  'recipientAccountId',
  'sharedEventID',
  'vpcEndpointId',
  'vpcEndpointAccountId',
  'tlsDetails',
  'eventTime',
  'eventID',
  'detail',
  'Records',
] as const

export type FieldName = (typeof FIELDS)[number]
export const FIELD = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Readonly<
  Record<FieldName, number>
>

/** `spans[2 * field]` and `spans[2 * field + 1]`: where the raw JSON value begins and ends; -1 when it is not there. */
export type Spans = Int32Array

export class ScanError extends Error {}

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const COLON = 58
const OPEN = 123
const CLOSE = 125
const OPEN_LIST = 91
const CLOSE_LIST = 93

/** Slot of a key by its length, first and seventh byte: different for all that we look for (checked below). */
const slotOf = (length: number, first: number, seventh: number) => (length + first + seventh * 3) & 255

export const SLOTS = new Int8Array(256).fill(-1)
export const NAMES = FIELDS.map((name) => new TextEncoder().encode(name))
NAMES.forEach((name, field) => {
  const slot = slotOf(name.length, name[0] ?? 0, name[6] ?? QUOTE)
  if (SLOTS[slot] !== -1)
    throw new Error(`keys \`${FIELDS[field]}\` and \`${FIELDS[SLOTS[slot] ?? 0]}\` share a slot`)
  SLOTS[slot] = field
})

/** Where the scan stands; one for each thread, reused from file to file. */
export interface Scanner {
  bytes: Uint8Array
  at: number
  readonly spans: Spans
  readonly onRecord: (spans: Spans) => void
}

export const scanner = (onRecord: (spans: Spans) => void): Scanner => ({
  bytes: new Uint8Array(0),
  at: 0,
  spans: new Int32Array(FIELDS.length * 2),
  onRecord,
})

/** Reads a file of one document or of many, one after the other (JSON lines). False: none holds records. */
export function scan(scanner: Scanner, input: Uint8Array): boolean {
  scanner.bytes = input
  scanner.at = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? 3 : 0
  let found = false
  skipSpace(scanner)
  while (scanner.at < input.length) {
    if (input[scanner.at] !== OPEN) fail(scanner, 'an object is missing')
    found = scanDocument(scanner) || found
    skipSpace(scanner)
  }
  return found
}

function fail(scanner: Scanner, what: string): never {
  throw new ScanError(`${what} at byte ${scanner.at}`)
}

/** An object that is not a holder is a record itself (exports), an envelope of EventBridge around one, or something else: false. */
function scanDocument(scanner: Scanner): boolean {
  const { spans } = scanner
  if (scanObject(scanner, true)) return true
  const detail = spans[2 * FIELD.detail] as number
  if (detail >= 0 && scanner.bytes[detail] === OPEN) {
    const after = scanner.at
    scanner.at = detail
    scanObject(scanner, false)
    scanner.at = after
  }
  scanner.onRecord(spans)
  return (spans[2 * FIELD.eventName] as number) >= 0
}

/** Reads one object; `outer` may hold the records in `Records`. True when it was such a holder. */
function scanObject(scanner: Scanner, outer: boolean): boolean {
  const { bytes, spans } = scanner
  let holder = false
  spans.fill(-1)
  scanner.at++
  let byte = skipSpace(scanner)
  if (byte === CLOSE) {
    scanner.at++
    return false
  }
  while (true) {
    if (byte !== QUOTE) fail(scanner, 'a key is missing')
    const key = scanner.at + 1
    const keyEnd = endOfString(scanner, bytes, key)
    const field = fieldOf(bytes, key, keyEnd - 1)
    scanner.at = keyEnd
    if (skipSpace(scanner) !== COLON) fail(scanner, 'a colon is missing')
    scanner.at++
    byte = skipSpace(scanner)
    if (outer && field === FIELD.Records && byte === OPEN_LIST) {
      scanList(scanner)
      spans.fill(-1)
      holder = true
    } else spanOf(scanner, bytes, byte, field)
    byte = skipSpace(scanner)
    scanner.at++
    if (byte === COMMA) byte = skipSpace(scanner)
    else if (byte === CLOSE) return holder
    else fail(scanner, 'a comma or brace is missing')
  }
}

function spanOf(scanner: Scanner, bytes: Uint8Array, first: number, field: number): void {
  const start = scanner.at
  const end = endOfValue(scanner, bytes, first, start)
  scanner.at = end
  if (field < 0) return
  scanner.spans[2 * field] = start
  scanner.spans[2 * field + 1] = end
}

function scanList(scanner: Scanner): void {
  const { bytes } = scanner
  scanner.at++
  let byte = skipSpace(scanner)
  if (byte === CLOSE_LIST) {
    scanner.at++
    return
  }
  while (true) {
    if (byte === OPEN) {
      scanObject(scanner, false)
      scanner.onRecord(scanner.spans)
    } else scanner.at = endOfValue(scanner, bytes, byte, scanner.at)
    byte = skipSpace(scanner)
    scanner.at++
    if (byte === COMMA) byte = skipSpace(scanner)
    else if (byte === CLOSE_LIST) return
    else fail(scanner, 'a comma or bracket is missing')
  }
}

/** The byte at which the next token begins; 0 at the end. */
function skipSpace(scanner: Scanner): number {
  const { bytes } = scanner
  let p = scanner.at
  while (p < bytes.length) {
    const byte = bytes[p] as number
    if (byte > 32 || (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9)) {
      scanner.at = p
      return byte
    }
    p++
  }
  scanner.at = p
  return 0
}

function endOfValue(scanner: Scanner, bytes: Uint8Array, first: number, start: number): number {
  if (first === QUOTE) return endOfString(scanner, bytes, start + 1)
  return first === OPEN || first === OPEN_LIST
    ? endOfNested(scanner, bytes, start)
    : endOfScalar(scanner, bytes, start)
}

/** From behind the opening quote to behind the closing one. */
function endOfString(scanner: Scanner, bytes: Uint8Array, start: number): number {
  const end = bytes.length
  let p = start
  while (p < end) {
    // Branches are predicted; a step that is computed out of the byte would wait for each byte to arrive.
    const byte = bytes[p++] as number
    if (byte === QUOTE) return p
    if (byte === BACKSLASH) p++
  }
  return fail(scanner, 'a string does not end')
}

/** From an opening brace or bracket to behind its match: the loop in which an ingest spends its time. */
function endOfNested(scanner: Scanner, bytes: Uint8Array, start: number): number {
  const end = bytes.length
  let p = start
  let depth = 0
  while (p < end) {
    const byte = bytes[p++] as number
    if (byte === QUOTE) {
      while (p < end) {
        const inner = bytes[p++] as number
        if (inner === QUOTE) break
        if (inner === BACKSLASH) p++
      }
    } else if (byte >= OPEN_LIST) {
      if (byte === OPEN || byte === OPEN_LIST) depth++
      else if (byte === CLOSE || byte === CLOSE_LIST) {
        depth--
        if (depth === 0) return p
      }
    }
  }
  return fail(scanner, 'an object or array does not end')
}

function endOfScalar(scanner: Scanner, bytes: Uint8Array, start: number): number {
  let p = start
  while (p < bytes.length) {
    const byte = bytes[p] as number
    if (byte === COMMA || byte === CLOSE || byte === CLOSE_LIST || byte <= 32) break
    p++
  }
  return p === start ? fail(scanner, 'a value is missing') : p
}

/** Field of the key between two quotes, or -1. A key with an escape is read as JSON reads it. */
function fieldOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  const field = SLOTS[slotOf(length, bytes[start] as number, bytes[start + 6] as number)] as number
  if (field >= 0) {
    const name = NAMES[field] as Uint8Array
    if (name.length === length) {
      let i = 0
      while (i < length && name[i] === bytes[start + i]) i++
      if (i === length) return field
    }
  }
  for (let p = start; p < end; p++) if (bytes[p] === BACKSLASH) return escapedField(bytes, start, end)
  return -1
}

function escapedField(bytes: Uint8Array, start: number, end: number): number {
  const text: unknown = JSON.parse(Buffer.from(bytes.subarray(start - 1, end + 1)).toString('utf8'))
  return (FIELDS as readonly unknown[]).indexOf(text)
}
