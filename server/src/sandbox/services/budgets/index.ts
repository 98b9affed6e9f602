import type { Call, ServiceDefinition } from '../../core/contract.ts'
import * as budget from './budgets.ts'
import * as notifications from './notifications.ts'
import { arnOf } from './state.ts'

const MODIFY = ['budgets:ModifyBudget']
const VIEW = ['budgets:ViewBudget']
const asOf = '2026-11-21'
const source = 'docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html'

export const budgets: ServiceDefinition = {
  signingName: 'budgets',
  model: 'budgets',
  iamPrefix: 'budgets',
  invalidCode: 'InvalidParameterException',
  settings: {
    limits: {
      'budgets.budgets': { value: 20_000, source, asOf },
      'budgets.notifications': { value: 10, source, asOf },
    },
  },
  // IAM knows two actions for all of it.
  actions: {
    CreateBudget: MODIFY,
    UpdateBudget: MODIFY,
    DeleteBudget: MODIFY,
    CreateNotification: MODIFY,
    UpdateNotification: MODIFY,
    DeleteNotification: MODIFY,
    CreateSubscriber: MODIFY,
    UpdateSubscriber: MODIFY,
    DeleteSubscriber: MODIFY,
    DescribeBudget: VIEW,
    DescribeBudgets: VIEW,
    DescribeNotificationsForBudget: VIEW,
    DescribeSubscribersForNotification: VIEW,
  },
  operations: {
    CreateBudget: budget.createBudget,
    DescribeBudget: budget.describeBudget,
    DescribeBudgets: budget.describeBudgets,
    UpdateBudget: budget.updateBudget,
    DeleteBudget: budget.deleteBudget,
    ListTagsForResource: budget.listTags,
    TagResource: budget.tagResource,
    UntagResource: budget.untagResource,
    CreateNotification: notifications.createNotification,
    UpdateNotification: notifications.updateNotification,
    DeleteNotification: notifications.deleteNotification,
    DescribeNotificationsForBudget: notifications.describeNotifications,
    CreateSubscriber: notifications.createSubscriber,
    UpdateSubscriber: notifications.updateSubscriber,
    DeleteSubscriber: notifications.deleteSubscriber,
    DescribeSubscribersForNotification: notifications.describeSubscribers,
  },
  resources: ({
    input,
    caller,
  }: Call<{ BudgetName?: string; Budget?: { BudgetName: string }; NewBudget?: { BudgetName: string } }>) => [
    arnOf(
      caller.accountId,
      input.BudgetName ?? input.Budget?.BudgetName ?? input.NewBudget?.BudgetName ?? '*',
    ),
  ],
}
