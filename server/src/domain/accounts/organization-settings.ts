import { z } from 'zod'

/**
 * Names of buckets as S3 takes them: 3 to 63 of a-z, 0-9, `.` and `-`, beginning and ending with a letter or digit, no
 * two dots side by side, no address of IPv4 (Amazon S3 User Guide, 'General purpose bucket naming rules', read 2026-11).
 */
const isBucketName = (text: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) &&
  !text.includes('..') &&
  !/^[0-9]+(\.[0-9]+){3}$/.test(text)

const bucketName = z.string().refine(isBucketName, {
  error: 'must be the name of an S3 bucket: 3 to 63 of `a-z`, `0-9`, `.` and `-`, without `s3://`',
})

/** GET /api/aws-organizations/{id}/settings: how Rankan reaches an AWS organisation, and what it uses there. */
export const organizationSettings = z.object({
  awsOrganizationId: z.string(),
  /** null: `AWS_REGION` of the process, else Tokyo. */
  region: z.string().nullable(),
  /** Role of the management account; null: the credentials of the process. */
  roleArn: z.string().nullable(),
  /** Bucket of the management account for the rules of CloudFormation hooks; null: no hooks. */
  hookBucket: z.string().nullable(),
})
export type OrganizationSettings = z.infer<typeof organizationSettings>

/** PUT /api/aws-organizations/{id}/settings */
export const organizationSettingsChange = z.object({
  hookBucket: bucketName.nullable().describe('null: no bucket, and so no hooks'),
  reason: z.string().trim().min(1).max(500),
})
export type OrganizationSettingsChange = z.infer<typeof organizationSettingsChange>
