import { err, ok, type Result } from '../../kernel/result.ts'

/** How a column writes 全国地方公共団体コード. Spreadsheets drop leading zeros, so each form may come shorter. */
export const CODE_FORMATS = ['with_check_digit', 'without_check_digit', 'free'] as const
export type CodeFormat = (typeof CODE_FORMATS)[number]

export type CodeError = 'code_not_digits' | 'code_length' | 'code_check_digit' | 'code_not_free_form'

/**
 * The sixth digit of 全国地方公共団体コード: weights 6 5 4 3 2 on the five digits; 11 minus the sum, modulo 11 when
 * the sum is 11 or more, of which the last digit counts. Source: 総務省「全国地方公共団体コード仕様」.
 */
export function checkDigit(five: string): string {
  const sum = [...five].reduce((total, digit, i) => total + Number(digit) * (6 - i), 0)
  const rest = sum < 11 ? 11 - sum : 11 - (sum % 11)
  return String(rest % 10)
}

export const withCheckDigit = (five: string): string => five + checkDigit(five)

export const hasValidCheckDigit = (code: string): boolean =>
  /^\d{6}$/.test(code) && withCheckDigit(code.slice(0, 5)) === code

/** Reads a code in the format of its column. Returns six digits, or the free code in upper case. */
export function parseCode(text: string, format: CodeFormat): Result<string, CodeError> {
  const code = text.normalize('NFKC').trim()
  if (format === 'free') return parseFree(code)
  if (!/^\d+$/.test(code)) return err('code_not_digits')
  const length = format === 'with_check_digit' ? 6 : 5
  // Only one zero can be missing: no prefecture has the number 00.
  if (code.length !== length && code.length !== length - 1) return err('code_length')
  const padded = code.padStart(length, '0')
  if (padded.startsWith('00')) return err('code_length')
  if (format === 'without_check_digit') return ok(withCheckDigit(padded))
  return hasValidCheckDigit(padded) ? ok(padded) : err('code_check_digit')
}

function parseFree(code: string): Result<string, CodeError> {
  const upper = code.toUpperCase()
  return /^[A-Z0-9][A-Z0-9-]{1,19}$/.test(upper) ? ok(upper) : err('code_not_free_form')
}

/** The two digits of JIS X 0401 in a six-digit code. */
export const prefectureDigits = (code: string): string => code.slice(0, 2)

export const prefectureCode = (digits: string): string => withCheckDigit(`${digits}000`)
