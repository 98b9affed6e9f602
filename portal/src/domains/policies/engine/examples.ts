import type { PolicyKind } from '@rankan/server/src/policy/policies.ts'

export const EXAMPLE_NAMES = ['regions', 'trail', 'outsiders'] as const
export type ExampleName = (typeof EXAMPLE_NAMES)[number]

interface Example {
  readonly kind: Extract<PolicyKind, 'scp' | 'rcp'>
  readonly document: object
}

const deny = (sid: string, more: object) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: sid, Effect: 'Deny', ...more }],
})

/**
 * Beginnings for an author, written from AWS's documentation: "Service control policy examples: Deny access to AWS based
 * on the requested region", "Prevent users from disabling CloudTrail", and "Resource control policy examples:
 * Restrict access to only HTTPS connections / identity perimeter" (Organizations User Guide, 2026-09).
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
}

export const exampleText = (name: ExampleName): string => JSON.stringify(EXAMPLES[name].document, null, 2)
