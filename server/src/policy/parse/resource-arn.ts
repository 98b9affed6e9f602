import type { PolicyKind } from '../policies.ts'

/**
 * What IAM asks of ARNs in the policies that it keeps itself, beyond their form. Source: the messages of its API,
 * "IAM resource path must either be "*" or start with user/, …", "IAM resource … cannot contain region information." and
 * "Resource … can not contain region information.", as moto's tests of policy documents record them. `root` is the resource
 * of `sts:AssumeRoot`; it and the types before it came later (Service Authorization Reference).
 */
const IAM_PATHS: readonly string[] = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
  'assumed-role/',
  'delegation-request/',
  'role-template/',
  'root',
]

export interface ArnProblem {
  readonly code: 'arn_with_region' | 'iam_path' | 'arn_without_service'
  readonly message: string
  readonly hint: string
}

const KEPT_BY_IAM: ReadonlySet<PolicyKind> = new Set(['identity', 'boundary'])

/** Why IAM refuses a resource that has the form of an ARN; null when it does not, and where others keep the policy. */
export function arnProblem(text: string, kind: PolicyKind): ArnProblem | null {
  if (!KEPT_BY_IAM.has(kind)) return null
  const [, , service, region = '', account = '', ...rest] = text.split(':')
  if (service === '')
    return {
      code: 'arn_without_service',
      message: 'the service is empty',
      hint: 'An ARN names it third: `arn:aws:s3:::bucket`.',
    }
  if (isRegional(service, region, account))
    return { code: 'arn_with_region', message: 'its ARNs have no region', hint: 'Leave the region empty.' }
  if (service !== 'iam' || rest.length === 0 || isIamPath(rest.join(':'))) return null
  return {
    code: 'iam_path',
    message: 'IAM has no resources of that path',
    hint: 'Write `*`, or begin with the type: `role/…`, `user/…`, `policy/…`.',
  }
}

/** Access points and the like of S3 have a region, and an account with it; buckets and objects have neither. */
const isRegional = (service: string | undefined, region: string, account: string): boolean =>
  /^[a-z0-9-]+$/.test(region) && (service === 'iam' || (service === 's3' && account === ''))

/** Wildcards and variables may stand for the rest of a type. */
function isIamPath(path: string): boolean {
  const head = /^[^*?$]*/.exec(path)?.[0] ?? ''
  return IAM_PATHS.some(
    (type) => head.startsWith(type) || (head.length < path.length && type.startsWith(head)),
  )
}
