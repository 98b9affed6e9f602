import type { PolicySet } from '../policies.ts'
import { type Answered, type PrincipalWithPolicies, whoCan } from '../questions/who.ts'
import { answerOf } from './answer.ts'
import { givenIn, readPolicySet } from './policy-set.ts'
import { readPrincipal } from './principal.ts'
import { createReader, type Fields, isFields, type Path, type Reader, settle } from './reader.ts'
import { readRequest } from './request.ts'

const FIELDS = ['principals', 'policies', 'context', 'resourceAccount', 'managementAccount']

/**
 * Who of the principals of a file can do the action on the resource, as documented in docs/guide/policy.md: `can`, `perhaps` (it
 * depends on `missing`), `cannot`. Keys that the file does not tell are unknown. Throws `invalid` with every fault of the file.
 */
export function whoCanJson(action: string, resource: string, file: unknown): object {
  const reader = createReader()
  const given = Array.isArray(file) ? { principals: file } : (reader.fields(file, [], FIELDS) ?? {})
  const { context, resourceAccount, managementAccount } = given
  const request = readRequest(
    { action, resource, context, resourceAccount, managementAccount, derive: false },
    [],
    reader,
  )
  const principals = readPrincipals(given, reader)
  settle(reader, 'The question')
  if (request === null) return {}
  const found = whoCan(request, principals)
  return {
    can: found.can.map(plain),
    perhaps: found.perhaps.map(plain),
    cannot: found.cannot.map(plain),
  }
}

const plain = ({ principal, decision }: Answered): object => ({ principal, ...answerOf(decision, false) })

function readPrincipals(given: Fields, reader: Reader): readonly PrincipalWithPolicies[] {
  const list = given.principals
  if (!Array.isArray(list) || list.length === 0) {
    reader.fail(
      ['principals'],
      'no_principals',
      'Name the principals: a list of `{"principal", "policies"}`.',
    )
    return []
  }
  // Once for all: thousands of principals may have them.
  const common = readPolicySet(isFields(given.policies) ? given.policies : {}, ['policies'], reader)
  return list.flatMap((one, i) => readOne(one, common, ['principals', i], reader) ?? [])
}

/** A principal's own policies stand beside, or instead of, those that are common to all. */
function readOne(
  value: unknown,
  common: PolicySet,
  path: Path,
  reader: Reader,
): PrincipalWithPolicies | null {
  const given = isFields(value) && value.principal !== undefined ? value : { principal: value }
  const fields = reader.fields(given, path, ['principal', 'policies'])
  const principal = readPrincipal(fields?.principal, [...path, 'principal'], reader)
  const own = isFields(fields?.policies) ? fields.policies : {}
  const read = readPolicySet(own, [...path, 'policies'], reader)
  const policies = { ...common, ...Object.fromEntries(givenIn(own).map((name) => [name, read[name]])) }
  return principal === null ? null : { principal, policies }
}
