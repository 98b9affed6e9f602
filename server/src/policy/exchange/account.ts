import { kindOf, type Path, type Reader } from './reader.ts'

/** Twelve digits in quotes; `null` when nothing is said, or what is said is no account id (reported). */
export function readAccount(value: unknown, path: Path, reader: Reader): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && /^\d{12}$/.test(value)) return value
  return reader.fail(
    path,
    'bad_account',
    `Expected an account id of twelve digits in quotes, found ${kindOf(value)}.`,
  )
}
