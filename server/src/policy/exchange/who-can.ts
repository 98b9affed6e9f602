import type { PolicySet } from '../policies.ts'
import { type Answered, type PrincipalWithPolicies, whoCan } from '../questions/who.ts'
import { answerOf } from './answer.ts'
import { readPolicySet } from './policy-set.ts'
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
  const common = isFields(given.policies) ? given.policies : {}
  return list.flatMap((one, i) => readOne(one, common, ['principals', i], reader) ?? [])
}

/** A principal's own policies stand beside, or instead of, those that are common to all. */
function readOne(value: unknown, common: Fields, path: Path, reader: Reader): PrincipalWithPolicies | null {
  const given = isFields(value) && value.principal !== undefined ? value : { principal: value }
  const fields = reader.fields(given, path, ['principal', 'policies'])
  const principal = readPrincipal(fields?.principal, [...path, 'principal'], reader)
  const own = isFields(fields?.policies) ? fields.policies : {}
  const policies: PolicySet = readPolicySet({ ...common, ...own }, [...path, 'policies'], reader)
  return principal === null ? null : { principal, policies }
}
