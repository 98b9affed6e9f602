import {
  AcceptPrimaryEmailUpdateCommand,
  PutAccountNameCommand,
  StartPrimaryEmailUpdateCommand,
} from '@aws-sdk/client-account'
import {
  CloseAccountCommand,
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  MoveAccountCommand,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountRow } from '../../src/domain/accounts/view.ts'
import type { DriftKind } from '../../src/domain/drift/kinds.ts'
import type { DriftPage, DriftRow } from '../../src/domain/drift/view.ts'
import { eventually, startWorld, type Tenant, type World } from './api.ts'
import { type Administrator, administrator } from './aws.ts'

const TENANTS = ['sabae', 'echizen'] as const
/** AWS says that it takes up to four hours; the sandbox's chance adds to that. */
const AN_EMAIL_CHANGE_MS = 6 * 3_600_000

let world: World
const accounts = new Map<string, AccountRow>()
beforeAll(async () => {
  world = await startWorld()
  for (const name of TENANTS) {
    const { production } = await world[name].vend('drift', ['production'])
    if (production) accounts.set(name, production)
  }
})
afterAll(() => world?.stop())

/** Somebody acts beside Rankan with AWS's own client; the sweep finds it, and a person puts it right. */
describe.each(TENANTS)('drift in the AWS organisation of %s', (name) => {
  let tenant: Tenant
  let aws: Administrator
  let account: AccountRow
  beforeAll(() => {
    tenant = world[name]
    aws = administrator(world.endpoint, tenant.aws)
    const found = accounts.get(name)
    if (!found) throw new Error('There is no account.')
    account = found
  })

  const sweep = () => world.operator.post(`/api/aws-organizations/${tenant.awsOrganizationId}/sweep`)
  const open = async (accountId: string): Promise<readonly DriftRow[]> => {
    await sweep()
    return (await world.operator.get<DriftPage>(`/api/drift?state=open&accountId=${accountId}`)).items
  }
  /** The one drift of that account, and that nothing of it is left after the best action. */
  async function putRight(accountId: string, kind: DriftKind, fields: object = {}): Promise<DriftRow> {
    const [drift, ...others] = await open(accountId)
    if (!drift) throw new Error(`The sweep did not find ${kind}.`)
    expect(others).toEqual([])
    expect(drift.kind).toBe(kind)
    const body = { action: drift.actions[0], reason: 'as it should be', ...fields }
    const right = await world.operator.post<DriftRow>(`/api/drift/${drift.id}/apply`, body)
    expect(right).toMatchObject({ state: 'resolved', resolution: drift.actions[0] })
    return right
  }

  it('finds nothing where nobody acted', async () => {
    expect(account.awsOrganizationId).toBe(tenant.awsOrganizationId)
    expect(await open(account.accountId)).toEqual([])
  })

  it('adopts an account that was made by hand', async () => {
    const { CreateAccountStatus: asked } = await aws.organizations.send(
      new CreateAccountCommand({ AccountName: `by hand ${name}`, Email: `by-hand-${name}@example.lg.jp` }),
    )
    const made = await eventually('AWS made the account', async () => {
      const { CreateAccountStatus: now } = await aws.organizations.send(
        new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: asked?.Id }),
      )
      return now?.State === 'SUCCEEDED' ? (now.AccountId ?? null) : null
    })
    const { organisationId } = tenant.office
    await putRight(made, 'unknown_account', { organisationId, environment: 'development' })
    expect(await world.account(made)).toMatchObject({
      origin: 'adopted',
      organisationId,
      environment: 'development',
      name: `by hand ${name}`,
    })
    expect(await open(made)).toEqual([])
  })

  it('moves back what was moved', async () => {
    const from = await aws.ouIdOf(account.accountId)
    await aws.organizations.send(
      new MoveAccountCommand({
        AccountId: account.accountId,
        SourceParentId: from,
        DestinationParentId: await aws.ouId('Staging'),
      }),
    )
    const { resolution } = await putRight(account.accountId, 'moved')
    expect(resolution).toBe('move_back')
    await eventually('it is back', async () =>
      (await aws.ouNameOf(account.accountId)) === 'Production' ? true : null,
    )
    expect(await open(account.accountId)).toEqual([])
  })

  it('gives back the name that was changed', async () => {
    await aws.account.send(
      new PutAccountNameCommand({ AccountId: account.accountId, AccountName: 'playground' }),
    )
    await putRight(account.accountId, 'renamed')
    expect((await aws.stateOf(account.accountId)).name).toBe(account.name)
    expect(await open(account.accountId)).toEqual([])
  })

  it('records an e-mail address that was changed: nobody but its new reader can change it back', async () => {
    const asked = { AccountId: account.accountId, PrimaryEmail: `taken-${name}@example.lg.jp` }
    await aws.account.send(new StartPrimaryEmailUpdateCommand(asked))
    // AWS mails the code to the new address; the sandbox's are the last digits of the account.
    await aws.account.send(
      new AcceptPrimaryEmailUpdateCommand({ ...asked, Otp: account.accountId.slice(-6) }),
    )
    await world.operator.post('/api/sandbox/time', { advanceMs: AN_EMAIL_CHANGE_MS })
    await eventually('the address changed', async () =>
      (await aws.stateOf(account.accountId)).email === asked.PrimaryEmail ? true : null,
    )
    await putRight(account.accountId, 'email_changed')
    expect((await world.account(account.accountId)).email).toBe(asked.PrimaryEmail)
    expect(await open(account.accountId)).toEqual([])
  })

  it('records a closing by hand, and follows it to its end', async () => {
    await aws.organizations.send(new CloseAccountCommand({ AccountId: account.accountId }))
    const { foundAt } = await putRight(account.accountId, 'closed_outside')
    const { status, closure, closedAt } = await world.account(account.accountId)
    expect(status).toBe('post_closure')
    if (closure === null) throw new Error('The closing by hand has no window.')
    // AWS's event may come before the sweep or after it.
    expect(closure.knownBy).not.toBe('order')
    expect(closedAt).toBe(closure.requestedAt)
    const closed = Date.parse(closure.requestedAt)
    expect(closed).toBeLessThanOrEqual(Date.parse(foundAt))
    expect(Date.parse(closure.windowEndsAt) - closed).toBe(90 * 86_400_000)
    await eventually('the register follows AWS', async () => {
      await sweep()
      return (await world.account(account.accountId)).awsState === 'SUSPENDED' ? true : null
    })
    expect(await open(account.accountId)).toEqual([])
  })
})
