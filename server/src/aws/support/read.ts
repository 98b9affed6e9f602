import { type CaseDetails, DescribeCasesCommand, type SupportClient } from '@aws-sdk/client-support'
import { notFound } from '../../kernel/errors.ts'
import { find, paged } from '../pages.ts'

const PAGE = 100

/** AWS has no search by subject: only the cases since `after` are looked through. */
export function caseBySubject(
  client: SupportClient,
  subject: string,
  after: Date,
): Promise<CaseDetails | null> {
  const all = paged(async (token) => {
    const page = await client.send(
      new DescribeCasesCommand({
        afterTime: after.toISOString(),
        includeResolvedCases: true,
        includeCommunications: false,
        maxResults: PAGE,
        nextToken: token,
      }),
    )
    return { items: page.cases, next: page.nextToken }
  })
  return find(all, (c) => c.subject === subject)
}

export async function caseStatus(client: SupportClient, caseId: string): Promise<'open' | 'resolved'> {
  const { cases } = await client.send(
    new DescribeCasesCommand({
      caseIdList: [caseId],
      includeResolvedCases: true,
      includeCommunications: false,
    }),
  )
  const status = cases?.[0]?.status
  if (status === undefined) throw notFound('support_case', caseId)
  return status === 'resolved' ? 'resolved' : 'open'
}
