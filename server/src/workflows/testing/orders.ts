import type { Order } from '../../ports/orders.ts'

/** A complete, valid order; tests change what they are about. */
export function orderFor(over: Partial<Order> = {}): Order {
  const person = (userName: string) => ({
    userName,
    email: `${userName}@city.example.jp`,
    firstName: 'Taro',
    lastName: userName,
  })
  const contact = (type: 'SECURITY' | 'OPERATIONS' | 'BILLING') => ({
    type,
    name: `${type} desk`,
    title: 'Desk',
    email: `${type.toLowerCase()}@city.example.jp`,
    phone: '+81-3-0000-0000',
  })
  return {
    workId: 'app_1.production',
    applicationId: 'app_1',
    kind: 'vend',
    awsOrganizationId: 'aws_1',
    organisationId: 'org_1',
    organisationCode: '131016',
    organisationName: { ja: '千代田区', en: 'Chiyoda City' },
    systemCode: 'juki',
    systemName: { ja: '住民記録', en: 'Resident records' },
    environment: 'production',
    account: { name: '131016-juki-prd-01', email: 'aws+131016-juki-prd-01@aws.example.jp' },
    accountId: null,
    owner: person('owner'),
    admins: [person('admin')],
    operators: [person('operator')],
    contacts: [contact('SECURITY'), contact('OPERATIONS'), contact('BILLING')],
    budget: { monthlyLimitUsd: '1000', notify: ['billing@city.example.jp'] },
    moveTo: null,
    deadline: null,
    reason: null,
    ...over,
  }
}
