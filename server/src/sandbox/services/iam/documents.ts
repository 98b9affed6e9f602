/** What IAM says of a document that it refuses, found by our parser. */
import { documentErrors } from '../../access/documents.ts'
import { AwsError } from '../../core/contract.ts'

/**
 * Texts as IAM answers them, by the parser's reason; everything else is `Syntax errors in policy.`
 * Source: messages of the IAM API as people quote them: github.com/aws/aws-cdk/issues/7615 (actions),
 * terraform-aws-modules/terraform-aws-iam/issues/603 (resources), cattle-ops/terraform-aws-gitlab-runner/issues/1257
 * (ARN format), garnaat/kappa/issues/111 (one colon), aws-samples/torchserve-eks/issues/3 (legacy parsing),
 * checkr/s3-sync/issues/1 (a CloudTrail record with `Syntax errors in policy.`), tests of getmoto/moto (regions, paths).
 */
const TEXTS: Readonly<Record<string, string>> = {
  no_action: 'Policy statement must contain actions.',
  bad_action: 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  no_resource: 'Policy statement must contain resources.',
  bad_resource: 'The policy failed legacy parsing',
  arn_without_service: 'The policy failed legacy parsing',
  iam_path:
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
  principal_forbidden: 'Policy document should not specify a principal.',
  no_principal: 'Missing required field Principal',
  resource_forbidden: 'Has prohibited field Resource',
  bad_sid:
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  duplicate_sid: 'Statement IDs (SID) in a single policy must be unique.',
}

const malformed = (message: string) => new AwsError('MalformedPolicyDocumentException', message, {}, 400)

/** Refuses what AWS would refuse. `trust` policies have principals and no resources. */
export function checkDocument(document: string, kind: 'identity' | 'trust'): void {
  const [error] = documentErrors(kind, document)
  if (error === undefined) return
  if (error.code === 'unexpected' && kind === 'trust') throw malformed('This policy contains invalid Json')
  const [, name = ''] = /`([^`]*)`/.exec(error.message) ?? []
  if (error.code === 'unknown_operator') throw malformed(`Invalid Condition type : ${name}.`)
  if (error.code === 'bad_principal') throw malformed(`Invalid principal in policy: "AWS":"${name}"`)
  throw malformed(textOf(error.code, name))
}

function textOf(code: string, word: string): string {
  if (code === 'bad_resource' && !word.startsWith('arn:'))
    return `Resource ${word} must be in ARN format or "*".`
  if (code === 'bad_action' && word.split(':').length > 2)
    return 'Actions/Condition can contain only one colon.'
  if (code === 'arn_with_region')
    return word.includes(':iam:')
      ? `IAM resource ${word} cannot contain region information.`
      : `Resource ${word} can not contain region information.`
  return TEXTS[code] ?? 'Syntax errors in policy.'
}
