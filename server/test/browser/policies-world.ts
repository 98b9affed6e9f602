import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import type { SandboxCredentials } from '../../src/sandbox/seed/seed.ts'
import { writeTrail } from '../policies/trail.ts'
import { tempFolder } from '../support/folder.ts'
import { type Product, startProduct } from '../support/product.ts'

export const ORGANIZATION = 'aws_government_cloud'
/** Large enough that a replay can be caught reading. */
const FILES = 300
const RECORDS = 1_000

export const KEEP_TRAIL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'KeepTheTrail',
      Effect: 'Deny',
      Action: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail'],
      Resource: '*',
    },
  ],
})

export interface PoliciesWorld {
  readonly product: Product
  /** Adopted for Sabae: its people may read it. */
  readonly account: string
  /** Of nobody yet: a tenant may not read it. */
  readonly foreign: string
  /** `p-…` of the control that is attached to the root. */
  readonly policyId: string
}

/**
 * A product with an SCP in force, two accounts of which one is Sabae's, and a trail in which the role `Nightly` lists users
 * and one file is cut off.
 */
export async function policiesWorld(): Promise<PoliciesWorld> {
  // In the product's own folder, which `remove` takes away.
  const dir = await tempFolder('rankan-policies-')
  const trail = path.join(dir, 'trail')
  await mkdir(trail)
  const product = await startProduct({ RANKAN_TRAILS: `${ORGANIZATION}=${trail}` }, dir)
  const { policyId, organizationId } = await attachKeepTrail(product)
  const call = await operator(product)
  await call('POST', '/api/sandbox/fast-load', { organizationId, accounts: 2 })
  await sweep(call)
  const [mine, other] = await strangers(call)
  if (mine === undefined || other === undefined) throw new Error('The sweep found no account to adopt.')
  await call('POST', `/api/drift/${mine.id}/apply`, {
    action: 'adopt',
    reason: 'For the test',
    organisationId: await sabae(call),
    environment: 'production',
  })
  await writeTrail(trail, mine.accountId, FILES, RECORDS)
  await writeFile(path.join(trail, 'cut.json.gz'), gzipSync('{"Records":[]}').subarray(0, -4))
  return { product, account: mine.accountId, foreign: other.accountId, policyId }
}

async function attachKeepTrail(product: Product): Promise<{ policyId: string; organizationId: string }> {
  const file = path.join(product.dataDir, 'sandbox', 'credentials.json')
  const estate = JSON.parse(await readFile(file, 'utf8')) as SandboxCredentials
  const organization = estate.organizations.find(({ engine }) => engine === 'account_factory')
  if (organization === undefined) throw new Error('The sandbox has no organisation with Account Factory.')
  const aws = new OrganizationsClient({
    endpoint: estate.endpoint,
    region: 'us-east-1',
    credentials: organization.admin,
  })
  const { Roots = [] } = await aws.send(new ListRootsCommand({}))
  const { Policy } = await aws.send(
    new CreatePolicyCommand({
      Name: 'keep-the-trail',
      Description: 'CloudTrail の停止を禁止する',
      Content: KEEP_TRAIL,
      Type: 'SERVICE_CONTROL_POLICY',
    }),
  )
  const policyId = Policy?.PolicySummary?.Id ?? ''
  await aws.send(new AttachPolicyCommand({ PolicyId: policyId, TargetId: Roots[0]?.Id ?? '' }))
  aws.destroy()
  return { policyId, organizationId: organization.organizationId }
}

type Call = (method: string, where: string, body?: unknown) => Promise<unknown>

/** Calls of the central operator; an answer that is no success throws. */
async function operator({ url }: Product): Promise<Call> {
  const headers = { 'content-type': 'application/json', 'x-rankan-request': '1' }
  const session = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ personaId: 'per_demo_operator' }),
  })
  const { token } = (await session.json()) as { token: string }
  return async (method, where, body) => {
    const answer = await fetch(url + where, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID() },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
}

const TRIES = 60

/** The product sweeps by itself when it starts; until that is over it refuses ours, or reads no policies. */
async function sweep(call: Call): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = (await call('POST', `/api/aws-organizations/${ORGANIZATION}/sweep`).catch(() => null)) as {
      guardrails?: number | null
    } | null
    if (answer?.guardrails != null) return
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  throw new Error('No sweep read the policies in force.')
}

async function strangers(
  call: Call,
): Promise<readonly { readonly id: string; readonly accountId: string }[]> {
  const { items } = (await call('GET', '/api/drift?state=open&limit=100')) as {
    items: { id: string; accountId: string; awsOrganizationId: string; actions: string[] }[]
  }
  return items.filter(
    ({ awsOrganizationId, actions }) => awsOrganizationId === ORGANIZATION && actions.includes('adopt'),
  )
}

async function sabae(call: Call): Promise<string> {
  const { items } = (await call('GET', `/api/organisations?text=${encodeURIComponent('鯖江')}`)) as {
    items: { id: string; code: string }[]
  }
  const found = items.find(({ code }) => code === '182079')
  if (found === undefined) throw new Error('Sabae is not in the register.')
  return found.id
}
