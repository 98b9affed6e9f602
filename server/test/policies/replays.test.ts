import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  ReplayDetail,
  ReplayPage,
  ReplayRequestInput,
  ReplayResult,
  ReplaySources,
  ReplayView,
} from '../../src/domain/policies/replays.ts'
import type { SandboxCredentials } from '../../src/sandbox/seed/seed.ts'
import { tempFolder } from '../support/folder.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type FolderBucket, folderBucket } from '../support/s3.ts'
import { type WrittenTrail, writeTrail } from './trail.ts'

/** Replayed from the sandbox's own trail. */
const SMALL = 'aws_prefecture_cloud'
/** Replayed from a bucket that holds files of the test. */
const LARGE = 'aws_government_cloud'

const NO_LIST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'NobodyLists', Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' }],
})

describe('replays', () => {
  let product: Product
  let estate: SandboxCredentials
  let tokens: Readonly<Record<'operator' | 'auditor' | 'owner', string>>
  let written: WrittenTrail
  let accounts: readonly string[] = []
  let large = ''
  let bucket: FolderBucket

  beforeAll(async () => {
    const dir = await tempFolder('rankan-replays-')
    large = await tempFolder('rankan-large-trail-')
    const sandbox = path.join(dir, 'sandbox', 'cloudtrail')
    const own = path.join(sandbox, 'AWSLogs', '{organizationId}')
    const keys = path.join(sandbox, 'keys', 'public-keys')
    bucket = await folderBucket(large)
    product = await startProduct(
      {
        RANKAN_TRAILS: `${LARGE}=s3://trail/AWSLogs,*=${own}`,
        RANKAN_TRAIL_KEYS: keys,
        AWS_ENDPOINT_URL_S3: bucket.endpoint,
      },
      dir,
    )
    const file = path.join(product.dataDir, 'sandbox', 'credentials.json')
    estate = JSON.parse(await readFile(file, 'utf8')) as SandboxCredentials
    tokens = {
      operator: await signIn('per_demo_operator'),
      auditor: await signIn('per_demo_auditor'),
      owner: await signIn('per_demo_owner'),
    }
    for (const id of [SMALL, LARGE])
      await eventually(async () => {
        const { status, body } = await call('operator', 'POST', `/api/aws-organizations/${id}/sweep`)
        return status === 200 && (body as { guardrails: number | null }).guardrails !== null ? true : null
      })
    accounts = await memberAccounts()
    written = await writeTrail(large, await memberOf('account_factory'), 600, 1_000)
  })
  afterAll(async () => {
    await product?.stop()
    await product?.remove()
    bucket?.close()
    await rm(large, { recursive: true, force: true })
  })

  async function signIn(personaId: string): Promise<string> {
    const answer = await fetch(`${product.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-rankan-request': '1' },
      body: JSON.stringify({ personaId }),
    })
    return ((await answer.json()) as { token: string }).token
  }

  const send = (who: keyof typeof tokens, method: string, where: string, body?: unknown, more = {}) =>
    fetch(product.url + where, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[who]}`, ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  async function call(who: keyof typeof tokens, method: string, where: string, body?: unknown, more = {}) {
    const answer = await send(who, method, where, body, more)
    return { status: answer.status, body: (await answer.json()) as unknown }
  }
  async function get<T>(where: string, who: keyof typeof tokens = 'operator'): Promise<T> {
    const { status, body } = await call(who, 'GET', where)
    expect([where, status, status === 200 ? '' : body]).toEqual([where, 200, ''])
    return body as T
  }
  async function ask(request: ReplayRequestInput): Promise<ReplayView> {
    const { status, body } = await call('operator', 'POST', '/api/replays', request)
    expect([status, status === 202 ? '' : body]).toEqual([202, ''])
    return body as ReplayView
  }
  const replayOf = (id: string) => get<ReplayDetail>(`/api/replays/${id}`)
  const over = (id: string) =>
    eventually(async () => {
      const replay = await replayOf(id)
      return ['done', 'failed', 'cancelled'].includes(replay.state) ? replay : null
    })
  const request = (awsOrganizationId: string, title: string): ReplayRequestInput => ({
    awsOrganizationId,
    title,
    policies: [{ name: 'no-list', kind: 'scp', document: NO_LIST }],
  })

  const awsOf = (engine: string) => {
    const found = estate.organizations.find((one) => one.engine === engine)
    if (found === undefined) throw new Error(`no organisation with ${engine}`)
    return found
  }
  async function membersOf(engine: string): Promise<readonly string[]> {
    const aws = awsOf(engine)
    const api = new OrganizationsClient({
      endpoint: estate.endpoint,
      region: 'us-east-1',
      credentials: aws.admin,
    })
    const { Accounts = [] } = await api.send(new ListAccountsCommand({}))
    return Accounts.flatMap(({ Id }) => (Id === undefined || Id === aws.managementAccountId ? [] : [Id]))
  }
  const memberAccounts = () => membersOf('auto_enrolment')
  const memberOf = async (engine: string) => (await membersOf(engine))[0] ?? ''

  /** Somebody of a member account lists its users. */
  async function listUsers(times: number): Promise<void> {
    const config = { endpoint: estate.endpoint, region: 'us-east-1' }
    const { Credentials } = await new STSClient({
      ...config,
      credentials: awsOf('auto_enrolment').admin,
    }).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${accounts[0]}:role/OrganizationAccountAccessRole`,
        RoleSessionName: 'look',
      }),
    )
    const iam = new IAMClient({
      ...config,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    })
    for (let i = 0; i < times; i++) await iam.send(new ListUsersCommand({}))
    await fetch(`${estate.endpoint}/_sandbox/trail`, { method: 'POST', body: '{}' })
  }

  let first: ReplayDetail

  it('know the trails without any configuration but that of the demo', async () => {
    const { items } = await get<ReplaySources>('/api/replays/sources')
    expect(items.map((one) => one.awsOrganizationId).sort()).toEqual([LARGE, SMALL])
    for (const one of items) expect(one.guardrailsReadAt).not.toBeNull()
    expect(items.find((one) => one.awsOrganizationId === SMALL)?.trail).toMatchObject({ kind: 'folder' })
    expect(items.find((one) => one.awsOrganizationId === LARGE)?.trail).toEqual({
      kind: 's3',
      location: 's3://trail/AWSLogs',
    })
  })

  it('tell exactly the calls that were made, with progress and without a reload', async () => {
    await listUsers(3)
    const events = await listen()
    const asked = await ask(request(SMALL, 'nobody lists users'))
    expect(asked).toMatchObject({
      state: 'queued',
      attempts: 0,
      policies: [{ name: 'no-list', targets: [] }],
    })
    first = await over(asked.id)
    expect(first).toMatchObject({ state: 'done', error: null, attempts: 1, progress: { phase: 'done' } })
    expect(first.totals).toMatchObject({ denied: 3, already: 0, unknown: 0, newlyDenied: null })
    expect(first.ingest?.events).toBeGreaterThan(3)
    // The sandbox signs its digests.
    expect(first.ingest?.digests).toMatchObject({ unsigned: 0, problemCount: 0, problems: [] })
    expect(first.ingest?.digests?.signed).toBeGreaterThan(0)
    const told = await events.until((all) => all.filter((one) => one === asked.id).length >= 3)
    expect(told.filter((one) => one === asked.id).length).toBeGreaterThanOrEqual(3)
    const { report, proposals } = await get<ReplayResult>(`/api/replays/${asked.id}/result`)
    expect(report.denied.byAction).toMatchObject([{ value: 'iam:ListUsers', calls: 3 }])
    expect(report.denied.byAccount).toMatchObject([{ value: accounts[0], calls: 3 }])
    const [group] = report.denied.groups
    expect(group?.statements).toEqual([{ policy: 'no-list', index: 0, sid: 'NobodyLists' }])
    expect(group?.sample.explanation[0]).toEqual({
      ja: 'この操作は拒否されます。',
      en: 'This call is denied.',
    })
    expect(proposals[0]?.statements).toEqual([{ policy: 'no-list', index: 0 }])
  })

  it('export their tables', async () => {
    const csv = async (query: string) => {
      const answer = await send('auditor', 'GET', `/api/replays/${first.id}/export?${query}`)
      expect([query, answer.status]).toEqual([query, 200])
      return (await answer.text()).replace('\uFEFF', '').trim().split('\r\n')
    }
    const actions = await csv('table=byAction')
    expect(actions[0]).toBe('action,calls,already_denied,first,last')
    expect(actions[1]).toMatch(/^iam:ListUsers,3,0,2/)
    expect((await csv('table=groups'))[1]).toContain('no-list NobodyLists')
    expect(await csv('section=unknown&table=missing')).toEqual(['what,name,calls'])
    const none = await call(
      'auditor',
      'GET',
      `/api/replays/${first.id}/export?section=newlyDenied&table=byDay`,
    )
    expect([none.status, (none.body as { code: string }).code]).toEqual([422, 'not_compared'])
  })

  it('are run again with an exemption, against the first', async () => {
    const { proposals } = await get<ReplayResult>(`/api/replays/${first.id}/result`)
    const { exemption, statements } = proposals[0] ?? { exemption: null, statements: [] }
    const { status, body } = await call('operator', 'POST', `/api/replays/${first.id}/exempt`, {
      title: 'but for that role',
      exemptions: [{ exemption, statements }],
    })
    expect([status, status === 202 ? '' : body]).toEqual([202, ''])
    const second = await over((body as ReplayView).id)
    expect(second).toMatchObject({ state: 'done', parentId: first.id, against: 'policies' })
    expect(second.totals).toMatchObject({ denied: 0, newlyDenied: 0, newlyAllowed: 3 })
    expect(second.documents[0]?.document).toContain('ArnNotLike')
    expect(second.ingest?.known).toBeGreaterThan(0)
    expect((await replayOf(first.id)).children).toEqual([second.id])
  })

  it('are compared with what is in force', async () => {
    const asked = await ask({
      ...request(SMALL, 'on top'),
      withInForce: true,
      against: { what: 'in_force' },
    })
    const done = await over(asked.id)
    expect(done).toMatchObject({ state: 'done', against: 'in_force' })
    expect(done.totals?.newlyDenied).toBe(3)
    expect(done.totals?.newlyAllowed).toBe(0)
  })

  it('refuse policies with faults, each with its place, and unknown targets', async () => {
    const { status, body } = await call('operator', 'POST', '/api/replays', {
      ...request(SMALL, 'bad'),
      policies: [
        { name: 'a', kind: 'scp', document: '{"Statement":[{"Effect":"Deny","Action":"x","Resource":"*"}]}' },
        { name: 'a', kind: 'scp', document: NO_LIST, targets: ['ou-none'] },
      ],
    })
    expect(status).toBe(422)
    const { code, issues } = body as { code: string; issues: { path: unknown[]; code: string }[] }
    expect(code).toBe('bad_policy')
    expect(issues.map((issue) => [issue.path, issue.code])).toEqual(
      expect.arrayContaining([
        [['policies', 0, 'document', '$.Statement[0].Action'], 'bad_action'],
        [['policies', 1, 'name'], 'same_name'],
        [['policies', 1, 'targets', 0], 'unknown_target'],
      ]),
    )
  })

  it('are the centre’s: auditors read, tenants see nothing', async () => {
    expect((await get<ReplayPage>('/api/replays?limit=2', 'auditor')).items).toHaveLength(2)
    const refusals = [
      ['auditor', 'POST', '/api/replays', request(SMALL, 'x')],
      ['auditor', 'POST', `/api/replays/${first.id}/cancel`, {}],
      ['owner', 'GET', '/api/replays', undefined],
      ['owner', 'GET', `/api/replays/${first.id}`, undefined],
      ['owner', 'GET', `/api/replays/${first.id}/result`, undefined],
      ['owner', 'POST', '/api/replays', request(SMALL, 'x')],
    ] as const
    for (const [who, method, where, body] of refusals)
      expect([who, where, (await call(who, method, where, body)).status]).toEqual([who, where, 403])
  })

  it('answer the same request with one replay', async () => {
    const key = { 'idempotency-key': 'replay-once' }
    const [one, two] = [
      await call('operator', 'POST', '/api/replays', request(SMALL, 'once'), key),
      await call('operator', 'POST', '/api/replays', request(SMALL, 'once'), key),
    ]
    expect((two.body as ReplayView).id).toBe((one.body as ReplayView).id)
    await over((one.body as ReplayView).id)
  })

  it('are cancelled while they wait and while they run', async () => {
    const running = await ask(request(LARGE, 'to be cancelled'))
    const waiting = await ask(request(LARGE, 'never begins'))
    await reading(running.id)
    expect((await replayOf(waiting.id)).state).toBe('queued')
    const { body } = await call('operator', 'POST', `/api/replays/${waiting.id}/cancel`)
    expect(body).toMatchObject({ state: 'cancelled', attempts: 0 })
    await call('operator', 'POST', `/api/replays/${running.id}/cancel`)
    const ended = await over(running.id)
    expect(ended).toMatchObject({ state: 'cancelled', totals: null })
    const again = await call('operator', 'POST', `/api/replays/${running.id}/cancel`)
    expect([again.status, (again.body as { code: string }).code]).toEqual([409, 'replay_over'])
    const none = await call('operator', 'GET', `/api/replays/${running.id}/result`)
    expect([none.status, (none.body as { code: string }).code]).toEqual([409, 'replay_not_done'])
  })

  it('outlive the worker that runs them, and count each event of the bucket once', async () => {
    const asked = await ask(request(LARGE, 'whose worker is killed'))
    await reading(asked.id)
    process.kill(await workerPid(), 'SIGKILL')
    const ended = await over(asked.id)
    expect(ended).toMatchObject({ state: 'done', attempts: 2 })
    expect(ended.totals).toMatchObject({ events: written.events, denied: written.listed })
    expect(new Set(bucket.fetched).size).toBe(written.files)
    const { items } = await get<{ items: { kind: string }[] }>(`/api/ledger?subject=${asked.id}`)
    expect(items.map(({ kind }) => kind)).toEqual([
      'replay.done',
      'replay.started',
      'replay.started',
      'replay.asked',
    ])
  })

  const reading = (id: string) =>
    eventually(async () => {
      const { state, progress } = await replayOf(id)
      if (state !== 'queued' && state !== 'running') throw new Error(`too fast for the test: ${state}`)
      return progress.phase === 'reading' && progress.filesRead > 0 ? true : null
    }, 20)

  /** The process that last said that it works. */
  async function workerPid(): Promise<number> {
    const log = await readFile(path.join(product.dataDir, 'logs', 'worker-1.log'), 'utf8')
    const lines = log
      .trim()
      .split('\n')
      .filter((line) => line.includes('"working"'))
    const { pid } = JSON.parse(lines.at(-1) ?? '{}') as { pid: number }
    expect(existsSync(`/proc/${pid}`)).toBe(true)
    return pid
  }

  /** Ids that server-sent events tell of, as a page hears them. */
  async function listen() {
    const stop = new AbortController()
    const answer = await fetch(`${product.url}/api/events`, {
      headers: { authorization: `Bearer ${tokens.operator}` },
      signal: stop.signal,
    })
    const reader = answer.body?.getReader()
    if (reader === undefined) throw new Error('no stream')
    let text = ''
    const ids = () =>
      [...text.matchAll(/data: (\{"topic":"replays".*\})/g)].map(
        (one) => (JSON.parse(one[1] ?? '{}') as { id: string }).id,
      )
    const pump = (async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += new TextDecoder().decode(part.value)
    })().catch(() => {})
    return {
      async until(enough: (all: readonly string[]) => boolean) {
        const all = await eventually(async () => (enough(ids()) ? ids() : null))
        stop.abort()
        await pump
        return all
      },
    }
  }
})

async function eventually<T>(look: () => Promise<T | null>, everyMs = 200): Promise<T> {
  const end = Date.now() + 120_000
  for (;;) {
    const seen = await look()
    if (seen !== null) return seen
    if (Date.now() > end) throw new Error('It did not happen within two minutes.')
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
