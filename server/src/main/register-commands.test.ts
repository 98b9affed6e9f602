import { describe, expect, it } from 'vitest'
import { type Cli, createProgram } from '../cli/app.ts'
import type { ApiClient } from '../cli/client.ts'
import { REGISTER_CHANGES, REGISTER_LISTS, type RegisterChange } from '../cli/register/changes.ts'
import type { ApplicationDeps } from '../http/applications/read.ts'
import { applicationRoutes } from '../http/applications/routes.ts'
import { mailRoutes } from '../http/mail/routes.ts'
import { organisationRoutes } from '../http/organisations/routes.ts'
import type { Route } from '../http/route.ts'
import { commandGroups } from './commands.ts'

interface Sent {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** Runs `rankan` with a server that knows one organisation and keeps what it is asked. */
async function run(line: readonly string[]): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  const api: Pick<ApiClient, 'get' | 'send'> = {
    get: async <T>() =>
      ({
        items: [
          { id: 'org_1', code: '132012' },
          { id: 'org_2', code: '401307' },
        ],
      }) as T,
    send: async <T>(method: string, path: string, body?: unknown) => {
      sent.push({ method, path, body })
      return { id: 'new_1' } as T
    },
  }
  const cli: Cli = {
    api: { ...api, baseUrl: '', upload: unasked, fetch: unasked },
    json: false,
    print: () => {},
    say: () => {},
    progress: () => ({ update: () => {}, stop: () => {} }),
  }
  const program = createProgram(commandGroups, () => cli)
  await program.parseAsync(['node', 'rankan', ...line])
  return sent
}

const unasked = () => Promise.reject(new Error('Nobody asks for this.'))

/** What a person would type; the fields of all forms together. */
const TYPED: Readonly<Record<string, string>> = {
  code: 'tax',
  nameJa: '税',
  nameEn: 'Tax',
  businessArea: 'tax',
  useMode: 'shared',
  separation: 'account',
  from: '2026-04-01',
  to: '2027-04-01',
  day: '2026-05-01',
  tenants: '132012=50',
  systemIds: 'sys_1',
  number: 'C-1',
  operatorId: '132012',
  role: 'operator',
  purpose: 'security',
  email: 'desk@city.example.jp',
  phone: '+81-3-0000-0000',
  reachability: 'dead',
  userName: 'hanako',
  firstName: 'Hanako',
  lastName: 'Yamada',
  personId: 'per_1',
  contractId: 'con_1',
  toPersonId: 'per_2',
  firstDay: '2026-04-01',
  lastDay: '2026-04-30',
  reason: 'absent',
  expiresOn: '2027-03-31',
}
const ROLE_OF: Readonly<Record<string, string>> = { 'role give': 'project_office' }

const words = (command: string) => command.split(' ').filter((word) => !word.startsWith('<'))
const flag = (name: string) => `--${name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`

function lineOf({ command, fields }: RegisterChange): readonly string[] {
  const args = command.match(/<\w+>/g) ?? []
  const role = ROLE_OF[words(command).join(' ')]
  return [
    ...words(command),
    ...args.map((arg) => (arg === '<organisation>' ? '132012' : 'x_1')),
    ...fields.flatMap(({ name }) => [
      flag(name),
      (name === 'role' ? role : undefined) ?? TYPED[name] ?? `(${name})`,
      ...(name === 'tenants' ? [flag(name), '401307=50'] : []),
    ]),
  ]
}

const applicationDeps = { setup: { policy: { delegationMaxDays: 30 } } } as unknown as ApplicationDeps
const ROUTES: readonly Route[] = [...organisationRoutes, ...mailRoutes, ...applicationRoutes(applicationDeps)]
const patternOf = (path: string) => path.replaceAll(/\{\w+\}/g, '{}')
const routeOf = (method: string, path: string) =>
  ROUTES.find(({ definition: one }) => one.method === method.toLowerCase() && patternOf(one.path) === path)

/** `rankan org import`, `apply`, `application`. */
const BY_OTHER_COMMANDS =
  /import|applications(\/(batch|check|decisions|\{\}(\/(comments|decision|submit|withdraw))?))?$/

describe('the commands of the register', () => {
  it.each(REGISTER_CHANGES.map((one) => [one.command, one] as const))('%s', async (_, change) => {
    const [method, place] = change.asks.split(' ') as [string, string]
    const route = routeOf(method, place)
    expect(route, change.asks).toBeDefined()
    const [sent, ...more] = await run(lineOf(change))
    expect(more).toEqual([])
    expect(sent?.method).toBe(method)
    expect(sent?.path).toMatch(new RegExp(`^${place.replaceAll('{}', '(org_1|x_1)')}$`))
    const parsed = route?.definition.body?.safeParse(sent?.body)
    expect(parsed === undefined ? sent?.body : parsed.error?.issues).toBeUndefined()
  })

  it.each(REGISTER_LISTS.map((one) => [one.command, one.path] as const))('%s', (_, path) => {
    expect(routeOf('GET', path)).toBeDefined()
  })

  it('leaves out nothing that the forms of the portal write', () => {
    const asked = new Set(REGISTER_CHANGES.map((one) => one.asks.replace(/^\w+/, (m) => m.toLowerCase())))
    const missing = ROUTES.map(({ definition: one }) => `${one.method} ${patternOf(one.path)}`)
      .filter((one) => !one.startsWith('get ') && !BY_OTHER_COMMANDS.test(one))
      .filter((one) => !asked.has(one))
    expect(missing).toEqual([])
  })

  it('takes shares in per cent, to the hundredth, and says what a share looks like', async () => {
    const share = (tenant: string) =>
      run(['system', 'share', 'sys_1', '--from', '2026-04-01', '--tenants', tenant])
    const [sent] = await share('132012=12.5')
    expect(sent?.body).toEqual({
      from: '2026-04-01',
      tenants: [{ organisationId: 'org_1', basisPoints: 1250 }],
    })
    await expect(share('132012=a lot')).rejects.toThrow(/`132012=12\.5`/)
  })
})
