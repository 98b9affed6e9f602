import { applyForAll, makeTenants } from './applications.ts'
import { percentile as percentileOf, round } from './measure.ts'
import { pagePaths } from './page-paths.ts'
import { startPart, stopPart } from './processes.ts'
import { startWorld, type World } from './world.ts'

export interface PagesOptions {
  readonly applications: number
  readonly accounts: number
  readonly requests: number
}

interface Persona {
  readonly id: string
  readonly role: string
}

const PERSONAS = ['central_operator', 'organisation_owner', 'project_office'] as const

/** Every list and page of the API over a full queue, against the time of a request that does nothing (`/healthz`). */
export async function pages(options: PagesOptions): Promise<object> {
  const world = await startWorld({ workers: 0, timeScale: 60, keep: false })
  try {
    await fill(world, options)
    const known = { '/api/applications': await realApplication(world) }
    const env = {
      RANKAN_DATABASE_URL: world.databaseUrl,
      RANKAN_DATA: world.dir,
      RANKAN_PORT: '0',
      RANKAN_LOG_LEVEL: 'warn',
      RANKAN_SANDBOX_URL: world.sandboxUrl,
      ...world.server.credentialEnvironment(world.credentials),
    }
    const serve = await startPart('serve', ['serve'], env, world.dir)
    try {
      return await measure(`http://127.0.0.1:${String(serve.details.port)}`, options, known)
    } finally {
      await stopPart(serve)
    }
  } finally {
    await world.stop()
  }
}

/** Applications in the queue, accounts in the register: rows as the product writes them, in bulk. */
async function fill(world: World, options: PagesOptions): Promise<void> {
  const { server, on } = world
  await server.transact(on, server.systemActor('bench'), async (tx) => {
    await tx.record({ kind: 'bench.filled', organisationId: null, subject: 'pages', data: { ...options } })
    const run = (text: string) =>
      tx.sql.executeQuery({ sql: text, parameters: [], query: { kind: 'RawNode' } } as never)
    await run(applicationsSql(options.applications))
    await run(accountsSql(options.accounts))
  })
  await world.query('analyze')
}

/** The rows in bulk have no forms to show; this one was submitted, approved and queued as any other. */
async function realApplication(world: World): Promise<string> {
  const tenants = await makeTenants(world, [1])
  await applyForAll(world, tenants)
  const [made] = await world.query<{ id: string }>(
    'select id from application where organisation_id = $1 order by created_at desc limit 1',
    [tenants[0]?.id],
  )
  if (made === undefined) throw new Error('The application was not made.')
  return made.id
}

const TENANTS = `(select array_agg(organisation_id order by code) as ids, array_agg(code order by code) as codes
  from organisation_version where kind in ('city', 'town', 'village') and upper_inf(valid))`

const applicationsSql = (n: number) => `
  with t as ${TENANTS}, made as (
    insert into application (id, kind, state, version, organisation_id, organisation_code, organisation_name_ja, system_code,
      system_name_ja, environments, applicant_id, applicant_name, applicant_role, form, created_at, since, submitted_at, updated_at,
      updated_by_id, updated_by_name, search)
    select 'app_' || lpad(i::text, 26, '0'), 'vend', 'queued', 1, t.ids[1 + i % array_length(t.ids, 1)],
      t.codes[1 + i % array_length(t.ids, 1)], '組織' || i, 'sys' || i, 'システム' || i, '{production}', 'per_' || (i % 3000), 'A',
      'project_office', '{"kind":"vend"}', now(), now() - i * interval '1 second', now(), now(), 'x', 'x', 'app_' || i || ' sys' || i
    from t, generate_series(1, ${n}) i returning id, organisation_id)
  select rankan_enqueue_work(id || '.production', 'vend', (select id from aws_organization limit 1), organisation_id, 1, null,
    'account_operations') from made`

const accountsSql = (n: number) => `
  insert into account (id, account_id, name, email, status, aws_state, environment, organisation_id, organisation_code,
    organisation_name_ja, organisation_name_en, system_code, system_name_ja, system_name_en, aws_organization_id, ou_id, ou_name,
    origin, created_at)
  select 'acc_' || lpad(i::text, 26, '0'), (300000000000 + i)::text, 'bench-' || i, 'bench' || i || '@example.jp', 'active', 'ACTIVE',
    'production', t.ids[1 + i % array_length(t.ids, 1)], t.codes[1 + i % array_length(t.ids, 1)], '組織', 'Body', 'tax', '税', 'Tax',
    (select id from aws_organization limit 1), 'ou-aaaa-bbbbbbbb', 'Production', 'vended', now()
  from ${TENANTS} t, generate_series(1, ${n}) i`

interface PageTime {
  readonly page: string
  readonly role: string
  readonly bytes: number
  readonly p50_ms: number
  readonly p95_ms: number
}

async function measure(
  url: string,
  options: PagesOptions,
  known: Readonly<Record<string, string>>,
): Promise<object> {
  const { personas } = (await (await fetch(`${url}/api/session`)).json()) as { personas: readonly Persona[] }
  const idle = await timesOf(url, '/healthz', null, options.requests)
  const results: PageTime[] = []
  const downloads: PageTime[] = []
  const without = new Set<string>()
  for (const role of PERSONAS) {
    const persona = personas.find((one) => one.role === role)
    if (persona === undefined) continue
    const token = await signIn(url, persona.id)
    const found = await pagePaths((path) => ask(url, path, token), SEARCHES, known)
    for (const path of found.without) without.add(path)
    const timed = async (page: string, n: number): Promise<PageTime[]> => {
      const bytes = await bytesOf(url, page, token)
      if (bytes === null) return []
      const times = await timesOf(url, page, token, n)
      const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)]
      return [{ page, role, bytes, p50_ms: round(p50, 2), p95_ms: round(p95, 2) }]
    }
    for (const page of found.pages) results.push(...(await timed(page, options.requests)))
    for (const page of found.downloads) downloads.push(...(await timed(page, 3)))
    console.error(`${role}: ${results.filter((one) => one.role === role).length} pages`)
  }
  const worst = results.reduce((a, b) => (b.p95_ms > a.p95_ms ? b : a))
  const baseline = percentile(idle, 0.95)
  for (const { page } of results) without.delete(page)
  return {
    benchmark: 'pages',
    applications: options.applications,
    accounts: options.accounts,
    requests_each: options.requests,
    pages_measured: results.length,
    idle_p95_ms: round(baseline, 2),
    worst_p95_ms: worst.p95_ms,
    worst_page: `${worst.role} ${worst.page}`,
    over_100_ms: results.filter((one) => one.p95_ms >= 100).map((one) => `${one.role} ${one.page}`),
    worst_ratio_to_idle: round(worst.p95_ms / baseline, 1),
    pages: results,
    downloads,
    without: [...without],
  }
}

const percentile = (values: readonly number[], share: number): number => percentileOf(values, share) ?? 0

/** What people filter by, over all that there is. */
const SEARCHES = [
  '/api/applications?view=all',
  '/api/applications?view=waiting',
  '/api/applications?view=open',
  '/api/applications?view=mine',
  '/api/applications?view=all&text=sys9999',
  '/api/applications?view=all&text=sys',
  '/api/accounts?limit=500',
  '/api/accounts?text=bench-77',
  '/api/organisations?text=%E3%81%97',
]

const headersOf = (token: string | null) =>
  token === null ? {} : { headers: { authorization: `Bearer ${token}` } }

async function ask(url: string, page: string, token: string): Promise<unknown> {
  const response = await fetch(url + page, headersOf(token))
  return response.ok ? response.json() : null
}

/** Null where this role may not, or there is none of it. */
async function bytesOf(url: string, page: string, token: string): Promise<number | null> {
  const response = await fetch(url + page, headersOf(token))
  const body = await response.arrayBuffer()
  if (response.status >= 500) throw new Error(`${page} answered ${response.status}`)
  return response.ok ? body.byteLength : null
}

async function signIn(url: string, personaId: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-rankan-request': '1' },
    body: JSON.stringify({ personaId }),
  })
  return ((await response.json()) as { token: string }).token
}

/** Milliseconds of each request, one after the other; the first few warm the code up and are not counted. */
async function timesOf(
  url: string,
  page: string,
  token: string | null,
  n: number,
): Promise<readonly number[]> {
  const times: number[] = []
  const warmUp = Math.min(5, n)
  for (let i = 0; i < n + warmUp; i++) {
    const started = performance.now()
    const response = await fetch(url + page, headersOf(token)).catch((error: unknown) => {
      throw new Error(`${page} could not be read`, { cause: error })
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${page} answered ${response.status}`)
    if (i >= warmUp) times.push(performance.now() - started)
  }
  return times
}
