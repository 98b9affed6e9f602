import { CreateCaseCommand, type SupportClient } from '@aws-sdk/client-support'
import { RankanError } from '../../kernel/errors.ts'
import { caseBySubject } from './read.ts'

/** How long after its opening a case of the same subject counts as the one of the same order. */
const LOOK_BACK_DAYS = 30
const DAY = 86_400_000

/**
 * Where AWS wants the request to be filed. Source: Account Factory for Terraform, `aft_enroll_support` (from memory of its source, not verified against a real Support API);
 * AWS names no stable code for it, so both are data.
 */
const FILED_UNDER = {
  serviceCode: 'customer-account',
  categoryCode: 'other-account-issues',
  issueType: 'customer-service',
  severityCode: 'low',
  language: 'en',
} as const

export async function requestEnterprise(
  client: SupportClient,
  accountId: string,
  reference: string,
  now: Date,
  again: boolean,
): Promise<{ caseId: string }> {
  const subject = `Add account ${accountId} to Enterprise Support (${reference})`
  const since = new Date(now.getTime() - LOOK_BACK_DAYS * DAY)
  const opened = again ? await caseBySubject(client, subject, since) : null
  if (opened?.caseId) return { caseId: opened.caseId }
  const { caseId } = await client.send(
    new CreateCaseCommand({
      ...FILED_UNDER,
      subject,
      communicationBody: `Please add the member account ${accountId} to the Enterprise Support plan of our management account. Reference: ${reference}`,
    }),
  )
  if (!caseId)
    throw new RankanError('unavailable', 'no_case', 'AWS Support accepted the case and named no id.')
  return { caseId }
}
