import {
  AcceptPrimaryEmailUpdateCommand,
  AccountClient,
  GetAlternateContactCommand,
  GetPrimaryEmailCommand,
  PutAccountNameCommand,
  PutAlternateContactCommand,
  StartPrimaryEmailUpdateCommand,
} from '@aws-sdk/client-account'
import {
  BudgetsClient,
  CreateBudgetCommand,
  DeleteBudgetCommand,
  DescribeBudgetCommand,
  DescribeSubscribersForNotificationCommand,
} from '@aws-sdk/client-budgets'
import { DescribeAccountCommand, ListAccountsCommand } from '@aws-sdk/client-organizations'
import { CreateCaseCommand, DescribeCasesCommand, SupportClient } from '@aws-sdk/client-support'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { assume, configOf, organizationsOf, refused, seededOf, start } from './core-support.ts'
import { ALL, admin, minutes } from './vending-support.ts'

let sandbox: Sandbox
let member: string

beforeEach(async () => {
  sandbox = await start({ allowedActions: ALL, timeScale: 0 })
  const { Accounts } = await organizationsOf(sandbox, admin(sandbox)).send(new ListAccountsCommand({}))
  member = Accounts?.find((a) => a.Name === 'Audit')?.Id ?? ''
})
afterEach(() => sandbox.stop())

describe('Account', () => {
  const account = () => new AccountClient(configOf(sandbox, admin(sandbox)))

  test('keeps alternate contacts of members; the management account names itself by silence', async () => {
    const contact = {
      AlternateContactType: 'SECURITY' as const,
      Name: '佐藤',
      Title: '係長',
      EmailAddress: 's@city.example.jp',
      PhoneNumber: '+81-55-237-1161',
    }
    await account().send(new PutAlternateContactCommand({ ...contact, AccountId: member }))
    const { AlternateContact } = await account().send(
      new GetAlternateContactCommand({ AccountId: member, AlternateContactType: 'SECURITY' }),
    )
    expect(AlternateContact).toEqual(contact)
    const none = account().send(
      new GetAlternateContactCommand({ AccountId: member, AlternateContactType: 'BILLING' }),
    )
    expect(await refused(none)).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
    const own = account().send(
      new PutAlternateContactCommand({ ...contact, AccountId: seededOf(sandbox).managementAccountId }),
    )
    expect(await refused(own)).toMatchObject({ name: 'AccessDeniedException', status: 403 })
  })

  test('a name and an e-mail that change show in Organizations', async () => {
    await account().send(new PutAccountNameCommand({ AccountId: member, AccountName: 'Audit renamed' }))
    await account().send(
      new StartPrimaryEmailUpdateCommand({ AccountId: member, PrimaryEmail: 'new@gov-cloud.example.jp' }),
    )
    const accept = (Otp: string) =>
      account().send(
        new AcceptPrimaryEmailUpdateCommand({
          AccountId: member,
          PrimaryEmail: 'new@gov-cloud.example.jp',
          Otp,
        }),
      )
    expect(await refused(accept('000000'))).toMatchObject({ name: 'ValidationException' })
    expect(await accept(member.slice(-6))).toMatchObject({ Status: 'ACCEPTED' })
    expect((await account().send(new GetPrimaryEmailCommand({ AccountId: member }))).PrimaryEmail).toBe(
      'audit@gov-cloud.example.jp',
    )
    await minutes(sandbox, 600)
    const { Account } = await organizationsOf(sandbox, admin(sandbox)).send(
      new DescribeAccountCommand({ AccountId: member }),
    )
    expect(Account).toMatchObject({ Name: 'Audit renamed', Email: 'new@gov-cloud.example.jp' })
  })
})

describe('Support', () => {
  test('a case for Enterprise Support is resolved after a while; without a plan there is no API', async () => {
    const support = new SupportClient(configOf(sandbox, admin(sandbox)))
    const { caseId } = await support.send(
      new CreateCaseCommand({
        subject: 'Enterprise Support for new accounts',
        communicationBody: `Please add ${member}.`,
      }),
    )
    const open = await support.send(new DescribeCasesCommand({ caseIdList: [caseId ?? ''] }))
    expect(open.cases).toMatchObject([{ caseId, status: 'unassigned' }])
    const keys = await assume(sandbox, admin(sandbox), `arn:aws:iam::${member}:role/AWSControlTowerExecution`)
    const poor = new SupportClient(configOf(sandbox, keys))
    expect(await refused(poor.send(new DescribeCasesCommand({})))).toMatchObject({
      name: 'SubscriptionRequiredException',
    })
    await minutes(sandbox, 60)
    expect((await support.send(new DescribeCasesCommand({}))).cases).toEqual([])
    const all = await support.send(new DescribeCasesCommand({ includeResolvedCases: true }))
    expect(all.cases).toMatchObject([{ caseId, status: 'resolved' }])
    expect((await poor.send(new DescribeCasesCommand({}))).cases).toEqual([])
  })
})

describe('Budgets', () => {
  test('are created once, with their notifications, in the own account', async () => {
    const budgets = new BudgetsClient(configOf(sandbox, admin(sandbox)))
    const AccountId = seededOf(sandbox).managementAccountId
    const Notification = {
      NotificationType: 'ACTUAL' as const,
      ComparisonOperator: 'GREATER_THAN' as const,
      Threshold: 80,
    }
    const create = () =>
      budgets.send(
        new CreateBudgetCommand({
          AccountId,
          Budget: {
            BudgetName: `rankan-${member}`,
            BudgetType: 'COST',
            TimeUnit: 'MONTHLY',
            BudgetLimit: { Amount: '1000', Unit: 'USD' },
            CostFilters: { LinkedAccount: [member] },
          },
          NotificationsWithSubscribers: [
            { Notification, Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'a@city.example.jp' }] },
          ],
        }),
      )
    await create()
    expect(await refused(create())).toMatchObject({ name: 'DuplicateRecordException' })
    const named = { AccountId, BudgetName: `rankan-${member}` }
    expect((await budgets.send(new DescribeBudgetCommand(named))).Budget).toMatchObject({
      BudgetLimit: { Amount: '1000', Unit: 'USD' },
      CostFilters: { LinkedAccount: [member] },
    })
    const { Subscribers } = await budgets.send(
      new DescribeSubscribersForNotificationCommand({ ...named, Notification }),
    )
    expect(Subscribers).toEqual([{ SubscriptionType: 'EMAIL', Address: 'a@city.example.jp' }])
    await budgets.send(new DeleteBudgetCommand(named))
    expect(await refused(budgets.send(new DescribeBudgetCommand(named)))).toMatchObject({
      name: 'NotFoundException',
    })
    const foreign = budgets.send(new DescribeBudgetCommand({ AccountId: member, BudgetName: 'x' }))
    expect(await refused(foreign)).toMatchObject({ name: 'AccessDeniedException' })
  })
})
