import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { AccountDetail, AccountPage, AccountRow } from '../../src/domain/accounts/view.ts'
import type { ApplicationTimeline } from '../../src/domain/accounts/work-view.ts'
import { sampleVendForm } from '../../src/domain/applications/sample.ts'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import type { SandboxCredentials } from '../../src/sandbox/seed/seed.ts'
import { type Product, startProduct } from '../support/product.ts'

/** AWS's half hour for an account passes in under two seconds. */
const TIME_SCALE = '1200'
/** Most of it is the machine, with everything on it. */
const WITHIN_MS = 120_000

/** The API as one person uses it. */
export interface Person {
  readonly organisationId: string
  get<T>(where: string): Promise<T>
  post<T>(where: string, body?: unknown): Promise<T>
}

interface Application {
  readonly id: string
  readonly version: number
  readonly state: string
}

/** An organisation of the demo register, the people who act for it, and the AWS organisation that its accounts come into. */
export interface Tenant {
  readonly code: string
  readonly awsOrganizationId: string
  readonly aws: SandboxCredentials['organizations'][number]
  readonly office: Person
  /** Applies, lets everybody approve who must, and waits until it is carried out. */
  carryOut(form: object): Promise<Application>
  /** Accounts of one system by environment. */
  vend(system: string, environments: readonly string[]): Promise<Readonly<Record<string, AccountRow>>>
}

export interface World {
  readonly product: Product
  readonly endpoint: string
  readonly operator: Person
  readonly auditor: Person
  /** Through Account Factory, in a landing zone. */
  readonly sabae: Tenant
  /** By CreateAccount and a move, in an AWS organisation without a landing zone. */
  readonly echizen: Tenant
  account(accountId: string): Promise<AccountDetail>
  stop(): Promise<void>
}

export async function startWorld(): Promise<World> {
  const product = await startProduct({ RANKAN_TIME_SCALE: TIME_SCALE })
  const file = path.join(product.dataDir, 'sandbox', 'credentials.json')
  const estate = JSON.parse(await readFile(file, 'utf8')) as SandboxCredentials
  const operator = await signIn(product.url, 'per_demo_operator')
  const awsOf = (engine: string) => {
    const found = estate.organizations.find((one) => one.engine === engine)
    if (!found) throw new Error(`The demo estate has no organisation for ${engine}.`)
    return found
  }
  const tenant = async (code: string, suffix: string, id: string, engine: string): Promise<Tenant> => {
    const office = await signIn(product.url, `per_demo_pjmo${suffix}`)
    const owner = await signIn(product.url, `per_demo_owner${suffix}`)
    const carryOut = (form: object) => apply(office, [owner, operator], form)
    return {
      code,
      awsOrganizationId: id,
      aws: awsOf(engine),
      office,
      carryOut,
      vend: (system, environments) => vend(office, carryOut, code, system, environments),
    }
  }
  return {
    product,
    endpoint: estate.endpoint,
    operator,
    auditor: await signIn(product.url, 'per_demo_auditor'),
    sabae: await tenant('182079', '', 'aws_government_cloud', 'account_factory'),
    echizen: await tenant('182095', '_echizen', 'aws_prefecture_cloud', 'auto_enrolment'),
    account: (accountId) => operator.get<AccountDetail>(`/api/accounts/${accountId}`),
    async stop() {
      await product.stop()
      await product.remove()
    },
  }
}

async function signIn(url: string, personaId: string): Promise<Person> {
  const ask = async <T>(token: string | null, method: string, where: string, body?: unknown): Promise<T> => {
    const answer = await fetch(url + where, {
      method,
      headers: {
        'x-rankan-request': 'test',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`)
    return (answer.status === 204 ? null : await answer.json()) as T
  }
  const { actor, token } = await ask<{ actor: { organisationIds: readonly string[] }; token: string }>(
    null,
    'POST',
    '/api/session',
    { personaId },
  )
  return {
    organisationId: actor.organisationIds[0] ?? '',
    get: (where) => ask(token, 'GET', where),
    post: (where, body) => ask(token, 'POST', where, body ?? {}),
  }
}

async function apply(office: Person, approvers: readonly Person[], form: object): Promise<Application> {
  let made = await office.post<Application>('/api/applications', { form, submit: true })
  const where = `/api/applications/${made.id}`
  for (const person of approvers) {
    if (made.state !== 'submitted' && made.state !== 'accepted') break
    const decision = { version: made.version, decision: 'approve', comment: '' }
    made = await person.post(`${where}/decision`, decision)
  }
  return eventually(`${made.id} is ready`, async () => {
    made = await office.get(where)
    if (made.state === 'needs_repair' || made.state === 'rejected')
      throw new Error(await why(office, made.id))
    return made.state === 'ready' ? made : null
  })
}

async function why(person: Person, id: string): Promise<string> {
  const { works } = await person.get<ApplicationTimeline>(`/api/applications/${id}/timeline`)
  return JSON.stringify(works.map(({ workId, state, failure }) => ({ workId, state, failure })))
}

async function vend(
  office: Person,
  carryOut: Tenant['carryOut'],
  organisation: string,
  system: string,
  environments: readonly string[],
): Promise<Readonly<Record<string, AccountRow>>> {
  const start = addDays(dayInJapan(new Date()), 14)
  await carryOut(sampleVendForm({ organisation, system, start, environments }))
  const { items } = await office.get<AccountPage>(`/api/accounts?text=${organisation}-${system}-`)
  return Object.fromEntries(items.map((row) => [row.environment, row]))
}

/** Looks until there is something to see; AWS and the workers take their time. */
export async function eventually<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const end = Date.now() + WITHIN_MS
  for (;;) {
    const seen = await look()
    if (seen !== null) return seen
    if (Date.now() > end) throw new Error(`It did not happen within ${WITHIN_MS} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
