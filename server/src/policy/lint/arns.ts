import type { PolicyProblem } from '../parse/problem.ts'
import { type PatternElement, type Policy, placeOfPattern } from '../policies.ts'
import { warning } from './warn.ts'

/** Parts of resource ARNs that match nothing, or more than one sees. */
export const lintArns = ({ statements }: Policy): readonly PolicyProblem[] =>
  statements.flatMap(({ resource }) =>
    resource === null ? [] : resource.patterns.flatMap((pattern) => problemOf(pattern, resource) ?? []),
  )

// Source: AWS General Reference, "Amazon Resource Names", and AWS's isolated and sovereign partitions.
const PARTITION = /^aws(-[a-z]+)*$/

// `us-gov-east-1`, `us-isob-east-1`, `eusc-de-east-1`; new Regions have the same form.
const REGION = /^(|[a-z]{2,4}(-[a-z]+){1,3}-\d)$/

function problemOf(pattern: string, resource: PatternElement): PolicyProblem | null {
  const place = placeOfPattern(resource, pattern)
  const [, partition = '', service = '', region = '', account = '', ...rest] = pattern.split(':')
  // `arn:*`, `arn:aws:s3*`: the last star reaches over the colons that are missing.
  if (rest.length === 0) return null
  if (!/[*?$]/.test(partition) && !PARTITION.test(partition))
    return warning(
      place,
      'arn_partition',
      `\`${pattern}\` names a partition that AWS does not have: \`${partition}\`.`,
      'Write `aws`, `aws-cn` or `aws-us-gov`.',
    )
  if (/[*?]/.test(service.replaceAll(/\$\{[^}]*\}/g, '')))
    return warning(
      place,
      'arn_any_service',
      `\`${pattern}\` leaves the service open: \`${service}\`.`,
      'Name the service: `arn:aws:s3:::…`.',
    )
  if (!/[*?$]/.test(region) && !REGION.test(region))
    return warning(
      place,
      'arn_region',
      `\`${pattern}\` names a Region that cannot be: \`${region}\`.`,
      'A Region is written like `ap-northeast-1`; availability zones are none.',
    )
  if (
    !/[*?$]/.test(account) &&
    !/^(|\d{12}|aws|aws-managed|aws-marketplace|cloudfront|third-party)$/.test(account)
  )
    return warning(
      place,
      'arn_account',
      `\`${pattern}\` names an account that cannot be: \`${account}\`.`,
      'An account id has twelve digits.',
    )
  return null
}
