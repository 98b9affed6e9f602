import type { ManagementType } from '@rankan/server/src/policy/management/types.ts'
import type { PolicyKind } from '@rankan/server/src/policy/policies.ts'

export const EXAMPLE_NAMES = ['regions', 'trail', 'outsiders', 'project-tag', 'ec2-defaults'] as const
export type ExampleName = (typeof EXAMPLE_NAMES)[number]

interface Example {
  readonly kind: Extract<PolicyKind, 'scp' | 'rcp'> | ManagementType
  readonly document: object
}

const deny = (sid: string, more: object) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: sid, Effect: 'Deny', ...more }],
})

/**
 * Beginnings for an author, written from AWS's documentation: "Service control policy examples: Deny access to AWS based
 * on the requested region", "Prevent users from disabling CloudTrail", and "Resource control policy examples:
 * Restrict access to only HTTPS connections / identity perimeter"; "Tag policy syntax", "Declarative policy syntax and
 * examples" (Organizations User Guide, 2026-09).
 */
export const EXAMPLES: Readonly<Record<ExampleName, Example>> = {
  regions: {
    kind: 'scp',
    document: deny('DenyOutsideJapan', {
      NotAction: ['iam:*', 'organizations:*', 'sts:*', 'support:*', 'cloudfront:*', 'route53:*', 'health:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['ap-northeast-1', 'ap-northeast-3'] } },
    }),
  },
  trail: {
    kind: 'scp',
    document: deny('KeepTheTrail', {
      Action: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail'],
      Resource: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/AWSControlTowerExecution' } },
    }),
  },
  outsiders: {
    kind: 'rcp',
    document: deny('OnlyOurOrganisation', {
      Principal: '*',
      Action: ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*'],
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  },
  'project-tag': {
    kind: 'tag',
    document: {
      tags: {
        project: {
          tag_key: { '@@assign': 'Project', '@@operators_allowed_for_child_policies': ['@@none'] },
          tag_value: { '@@assign': ['shared', 'resident-records'] },
          enforced_for: { '@@assign': ['ec2:instance', 's3:bucket'] },
        },
      },
    },
  },
  'ec2-defaults': {
    kind: 'declarative_ec2',
    document: {
      ec2_attributes: {
        exception_message: { '@@assign': 'Ask the governance office for an exception.' },
        image_block_public_access: { state: { '@@assign': 'block_new_sharing' } },
        serial_console_access: { status: { '@@assign': 'disabled' } },
      },
    },
  },
}

export const exampleText = (name: ExampleName): string => JSON.stringify(EXAMPLES[name].document, null, 2)
