import { readFile } from 'node:fs/promises'
import { createEstate } from '../aws/estate.ts'
import { systemActor } from '../domain/people/roles.ts'
import { systemClock } from '../kernel/clock.ts'
import type { IdSource } from '../kernel/ids.ts'
import type { OrganizationPort } from '../ports/estate.ts'
import type { SandboxCredentials } from '../sandbox/seed/seed.ts'
import { putAwsOrganization } from '../storage/estate/organizations.ts'
import { seedDemo } from '../storage/organisations/demo.ts'
import { type Changes, transact } from '../storage/transact.ts'

/** Makes an empty installation ready to try: the demo register, and the sandbox's AWS organisations connected. Idempotent. */
export async function prepareDemo(
  on: Changes,
  ids: IdSource,
  credentials: SandboxCredentials,
): Promise<void> {
  await seedDemo(on, ids)
  for (const organization of credentials.organizations) {
    const ownAccounts = await landingZoneAccounts(credentials, organization)
    await transact(on, systemActor('start'), (tx) =>
      putAwsOrganization(tx, {
        id: awsIdOf(organization.name),
        name: organization.name,
        engine: organization.engine,
        organizationId: organization.organizationId,
        managementAccountId: organization.managementAccountId,
        ownAccounts,
        settings: {
          region: organization.homeRegion,
          roleArn: organization.roleArn,
          hookBucket: organization.hookBucket,
        },
      }),
    )
  }
}

/** OUs of the landing zone itself: accounts there are nobody's workload. */
const FOUNDATION_OUS = ['Security', 'Infrastructure']

type Seeded = SandboxCredentials['organizations'][number]

/** Asked of AWS as an operator would who connects an organisation that exists already. */
async function landingZoneAccounts(credentials: SandboxCredentials, seeded: Seeded): Promise<string[]> {
  const estate = createEstate({
    ...seeded,
    id: awsIdOf(seeded.name),
    endpoint: credentials.endpoint,
    credentials,
    clock: systemClock,
  })
  try {
    const found = [seeded.managementAccountId]
    for await (const ou of estate.organization.ous())
      if (FOUNDATION_OUS.includes(ou.name)) found.push(...(await accountIds(estate.organization, ou.id)))
    return [...new Set(found)]
  } finally {
    estate.destroy()
  }
}

async function accountIds(organization: OrganizationPort, ouId: string): Promise<string[]> {
  const ids: string[] = []
  for await (const account of organization.accountsOf(ouId)) ids.push(account.accountId)
  return ids
}

const awsIdOf = (name: string) => `aws_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`

export async function readCredentials(file: string): Promise<SandboxCredentials> {
  return JSON.parse(await readFile(file, 'utf8')) as SandboxCredentials
}

/** The base credentials in the SDK's own variables, for processes that talk to the sandbox. */
export const credentialEnvironment = (credentials: SandboxCredentials): Record<string, string> => ({
  AWS_ENDPOINT_URL: credentials.endpoint,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_REGION: credentials.organizations[0]?.homeRegion ?? 'ap-northeast-1',
})
