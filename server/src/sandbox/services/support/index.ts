import type { Call, ServiceDefinition } from '../../core/contract.ts'
import * as cases from './cases.ts'
import { settings } from './settings.ts'

const SERVICES = [
  {
    code: 'customer-account',
    name: 'Account and Billing',
    categories: [
      { code: 'other-account-issues', name: 'Other Account Issues' },
      { code: 'support-plan', name: 'Support Plan' },
    ],
  },
  {
    code: 'general-info',
    name: 'General Info and Getting Started',
    categories: [{ code: 'using-aws', name: 'Using AWS & Services' }],
  },
]

const SEVERITIES = [
  { code: 'low', name: 'Low' },
  { code: 'normal', name: 'Normal' },
  { code: 'high', name: 'High' },
  { code: 'urgent', name: 'Urgent' },
  { code: 'critical', name: 'Critical' },
]

function describeServices(call: Call<{ serviceCodeList?: readonly string[] }>) {
  cases.requirePlan(call)
  const wanted = call.input.serviceCodeList ?? []
  return { services: SERVICES.filter((s) => wanted.length === 0 || wanted.includes(s.code)) }
}

function describeSeverityLevels(call: Call<unknown>) {
  cases.requirePlan(call)
  return { severityLevels: SEVERITIES }
}

export const support: ServiceDefinition = {
  signingName: 'support',
  model: 'support',
  iamPrefix: 'support',
  settings,
  timers: { answer: cases.answer },
  operations: {
    AddCommunicationToCase: cases.addCommunicationToCase,
    CreateCase: cases.createCase,
    DescribeCases: cases.describeCases,
    DescribeCommunications: cases.describeCommunications,
    DescribeServices: describeServices,
    DescribeSeverityLevels: describeSeverityLevels,
    ResolveCase: cases.resolveCase,
  },
}
