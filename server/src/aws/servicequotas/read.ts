import type { Connection } from '../connection.ts'
import { GetServiceQuotaCommand } from '../declared.ts'
import { unless } from '../errors.ts'

/** The applied value; null where Service Quotas does not know this quota, so that the dated default stands. */
export const appliedQuota = (client: Connection['quotas'], serviceCode: string, quotaCode: string) =>
  unless(
    ['NoSuchResourceException'],
    async () => {
      const { Quota } = await client.send(
        new GetServiceQuotaCommand({ ServiceCode: serviceCode, QuotaCode: quotaCode }),
      )
      return Quota?.Value ?? null
    },
    () => null,
  )
