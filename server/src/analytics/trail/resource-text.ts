/** Places in the canonical text of a resource: `{"account":"111122223333","arn":"arn:…","assumed":null}`. */
const ascii = (text: string) => new TextEncoder().encode(text)
const OF_NOBODY = ascii('{"account":null,"arn":"')
const OF_ACCOUNT = ascii('{"account":"')
const THEN_ARN = ascii('","arn":"')
const END = ascii('","assumed":null}')
const BACKSLASH = 92

const ARN_OF_ACCOUNT = OF_ACCOUNT.length + 12 + THEN_ARN.length

const isAt = (bytes: Uint8Array, at: number, text: Uint8Array): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57

/** Whether the text is read by its places: an ARN of ASCII without escapes, of an account or of nobody. */
export function isPlainResource(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isAt(bytes, end - END.length, END)) return false
  for (let at = start; at < end; at++)
    if (bytes[at] === BACKSLASH || (bytes[at] as number) > 127) return false
  if (isAt(bytes, start, OF_NOBODY)) return end - END.length >= start + OF_NOBODY.length
  if (!isAt(bytes, start, OF_ACCOUNT) || !isAt(bytes, start + OF_ACCOUNT.length + 12, THEN_ARN)) return false
  for (let i = 0; i < 12; i++) if (!isDigit(bytes[start + OF_ACCOUNT.length + i])) return false
  return end - END.length >= start + ARN_OF_ACCOUNT
}
