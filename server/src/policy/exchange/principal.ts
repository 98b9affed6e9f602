import type { Principal, PrincipalType } from '../request.ts'
import { readAccount } from './account.ts'
import { isFields, type Path, type Reader } from './reader.ts'

const TYPES: readonly PrincipalType[] = [
  'user',
  'role',
  'root',
  'federated_user',
  'web_identity',
  'saml',
  'service',
  'service_linked_role',
  'anonymous',
  'account',
  'unknown',
]
const FIELDS = ['type', 'arn', 'account', 'sessionArn', 'service', 'provider', 'canonicalUser']

/** A principal as people write it: an ARN, an account id, a service, `anonymous`, or an object. */
export function readPrincipal(value: unknown, path: Path, reader: Reader): Principal | null {
  if (value === undefined || value === null) return { type: 'unknown', arn: null, account: null }
  if (typeof value === 'string') {
    const principal = principalOf(value)
    return (
      principal ??
      reader.fail(
        path,
        'bad_principal',
        `\`${value}\` is no principal: write an ARN, an account id, \`service.amazonaws.com\` or \`anonymous\`.`,
      )
    )
  }
  if (typeof value === 'number')
    return reader.fail(path, 'bad_principal', `\`${value}\` is a number: write an account id in quotes.`)
  const given = reader.fields(value, path, FIELDS)
  return given === null ? null : readObject(given, path, reader)
}

function readObject(given: Readonly<Record<string, unknown>>, path: Path, reader: Reader): Principal | null {
  const text = (key: string) =>
    given[key] === undefined || given[key] === null ? null : reader.text(given[key], [...path, key])
  const [arn, service, provider, canonicalUser] = [
    text('arn'),
    text('service'),
    text('provider'),
    text('canonicalUser'),
  ]
  const name = arn ?? service
  const base = name !== null ? principalOf(name) : provider === null ? null : callerOf(provider)
  if (arn !== null && base === null)
    return reader.fail([...path, 'arn'], 'bad_principal', `\`${arn}\` is not the ARN of a principal.`)
  const type = readType(given, base, path, reader)
  if (type === null) return null
  const sessionArn = text('sessionArn') ?? base?.sessionArn ?? null
  const told = base?.account ?? accountOf(sessionArn)
  const account = readAccount(given.account, [...path, 'account'], reader) ?? told
  if (told !== null && account !== told)
    reader.fail(
      [...path, 'account'],
      'bad_account',
      `\`account\` is \`${account}\`, but the principal's ARN is of \`${told}\`. Leave \`account\` out, or correct one of them.`,
    )
  return {
    ...base,
    type,
    arn: base === null ? null : base.arn,
    account,
    sessionArn,
    ...(service === null ? {} : { service }),
    ...(provider === null ? {} : { provider }),
    ...(canonicalUser === null ? {} : { canonicalUser }),
  }
}

function readType(
  given: Readonly<Record<string, unknown>>,
  base: Principal | null,
  path: Path,
  reader: Reader,
): PrincipalType | null {
  if (given.type === undefined) return base?.type ?? (given.account === undefined ? 'unknown' : 'account')
  const type = TYPES.find((known) => known === given.type)
  return (
    type ??
    reader.fail(
      [...path, 'type'],
      'bad_principal_type',
      `\`${String(given.type)}\` is no type of principal; known are ${TYPES.join(', ')}.`,
    )
  )
}

const accountOf = (arn: string | null): string | null =>
  /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1] ?? null

/** What a text names, or `null`. A session's ARN tells the role's name but not its path, so the role's ARN is not known. */
export function principalOf(text: string): Principal | null {
  if (text === '*' || text.toLowerCase() === 'anonymous')
    return { type: 'anonymous', arn: null, account: null }
  if (/^\d{12}$/.test(text)) return { type: 'account', arn: null, account: text }
  if (!text.startsWith('arn:'))
    return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]+$/i.test(text)
      ? { type: 'service', arn: null, account: null, service: text }
      : null
  const account = accountOf(text)
  if (account === null) return null
  const [, , service, , , resource = ''] = text.split(':')
  const [kind, ...names] = resource.split('/')
  if (service === 'iam' && /^(saml|oidc)-provider$/.test(kind ?? '')) return callerOf(text)
  if (service === 'iam' && resource === 'root') return { type: 'root', arn: text, account }
  if (service === 'iam' && kind === 'user') return { type: 'user', arn: text, account }
  if (service === 'iam' && kind === 'role')
    return { type: names[0] === 'aws-service-role' ? 'service_linked_role' : 'role', arn: text, account }
  if (service === 'sts' && kind === 'federated-user') return { type: 'federated_user', arn: text, account }
  if (service !== 'sts' || kind !== 'assumed-role' || names.length < 2) return null
  return { type: 'role', arn: null, account, sessionArn: text }
}

/** Who comes from an identity provider and has no role yet. */
const callerOf = (provider: string): Principal => ({
  type: provider.includes(':saml-provider/') ? 'saml' : 'web_identity',
  arn: null,
  account: null,
  provider,
})

export const looksLikePrincipal = (value: unknown): boolean => typeof value === 'string' || isFields(value)
