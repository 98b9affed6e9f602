import { err, ok, type Result } from '../../kernel/result.ts'
import type { Environment } from './kinds.ts'

/** Dated data, `server/data/rules/naming.json`. */
export interface NamingRule {
  readonly asOf: string
  readonly source: string
  readonly nameMax: number
  readonly emailMax: number
  readonly mailbox: string
  readonly environments: Readonly<Record<Environment, string>>
}

export interface NameParts {
  readonly organisationCode: string
  readonly systemCode: string
  readonly environment: Environment
}

export interface AccountNames {
  readonly name: string
  readonly email: string
}

const PRINTABLE_ASCII = /^[ -~]+$/
const MAX_SEQUENCE = 99

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|(?<!-)-+$/g, '')

/** FNV-1a, 32 bits: only to keep two shortened names apart, the reservation in the register is what makes them unique. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash.toString(36).padStart(7, '0').slice(-6)
}

export const nameStem = (parts: Pick<NameParts, 'organisationCode' | 'systemCode'>): string =>
  `${slug(parts.organisationCode)}-${slug(parts.systemCode)}`

/** `131016-juki-prd-01`; what is too long loses the end of its stem, and gets a hash so that it stays itself. */
function fit(stem: string, tail: string, max: number): string | null {
  if (stem.length + tail.length <= max) return stem + tail
  const room = max - tail.length - 7
  return room < 1 ? null : `${stem.slice(0, room)}-${shortHash(stem)}${tail}`
}

/**
 * Account name (printable ASCII, at most 50) and root e-mail (at most 64) by rule, never a person's.
 * `mailDomain` is the installation's domain for root mail, e.g. `aws.example.go.jp`.
 */
export function accountNames(
  parts: NameParts,
  sequence: number,
  mailDomain: string,
  rule: NamingRule,
): Result<AccountNames, 'no_ascii_code' | 'domain_too_long' | 'no_number_left'> {
  const organisation = slug(parts.organisationCode)
  const system = slug(parts.systemCode)
  if (!organisation || !system || !PRINTABLE_ASCII.test(mailDomain)) return err('no_ascii_code')
  if (sequence < 1 || sequence > MAX_SEQUENCE) return err('no_number_left')
  const tail = `-${rule.environments[parts.environment]}-${String(sequence).padStart(2, '0')}`
  const stem = nameStem(parts)
  const name = fit(stem, tail, rule.nameMax)
  const tag = fit(stem, tail, rule.emailMax - rule.mailbox.length - mailDomain.length - 2)
  if (!name || !tag) return err('domain_too_long')
  return ok({ name, email: `${rule.mailbox}+${tag}@${mailDomain}` })
}

/** The first numbered name that nobody holds. `taken` holds names and e-mails of the register, lower case. */
export function firstFree(
  parts: NameParts,
  mailDomain: string,
  rule: NamingRule,
  taken: ReadonlySet<string>,
): Result<AccountNames, 'no_ascii_code' | 'domain_too_long' | 'no_number_left'> {
  for (let sequence = 1; sequence <= MAX_SEQUENCE; sequence++) {
    const made = accountNames(parts, sequence, mailDomain, rule)
    if (!made.ok) return made
    if (!taken.has(made.value.name) && !taken.has(made.value.email)) return made
  }
  return err('no_number_left')
}
