import { applicationTimeline, type RepairRequest } from '@rankan/server/domain/accounts/work-view.ts'
import { rulebookSchema } from '@rankan/server/domain/applications/rules/rulebook.ts'
import {
  applicationRow,
  applicationView,
  batchView,
  checkView,
  delegationView,
  type ListFilter,
  notificationView,
} from '@rankan/server/domain/applications/view.ts'
import { mailView } from '@rankan/server/domain/mail/view.ts'
import { organisationPage } from '@rankan/server/domain/organisations/view.ts'
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { del, get, post, put } from '../../api/client.ts'
import { one, pages } from '../../api/queries.ts'

const BASE = '/api/applications'
const pathOf = (id: string) => `${BASE}/${encodeURIComponent(id)}`

export const listQuery = (filter: Partial<ListFilter>) => pages(BASE, applicationRow, filter)
export const applicationQuery = (id: string) => one(pathOf(id), applicationView)

/** Steps change often and have a topic of their own, `works`; both events load them again. */
export const timelineQuery = (id: string) => one(`${pathOf(id)}/timeline`, applicationTimeline)

const rulesView = z.object({
  rulebook: rulebookSchema,
  naming: z.object({
    nameMax: z.number(),
    emailMax: z.number(),
    mailbox: z.string(),
    environments: z.record(z.string(), z.string()),
  }),
  mailDomain: z.string(),
})
export type RulesView = z.infer<typeof rulesView>
export const rulesQuery = queryOptions({
  queryKey: ['application-rules'],
  queryFn: ({ signal }) => get(`${BASE}/rules`, rulesView, {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export type FormState = Readonly<Record<string, unknown>>

export const createDraft = (form: FormState) =>
  post(BASE, { form, submit: false }, { schema: applicationView })
export const createAndSubmit = (form: FormState) =>
  post(BASE, { form, submit: true }, { schema: applicationView })
export const checkForm = (form: FormState, applicationId: string | null) =>
  post(`${BASE}/check`, { form, ...(applicationId === null ? {} : { applicationId }) }, { schema: checkView })
export const saveDraft = (id: string, version: number, form: FormState) =>
  put(pathOf(id), { version, form }, { schema: applicationView })
export const submitDraft = (id: string, version: number) =>
  post(`${pathOf(id)}/submit`, { version }, { schema: applicationView })
export const withdraw = (id: string, version: number) =>
  post(`${pathOf(id)}/withdraw`, { version }, { schema: applicationView })
export const addComment = (id: string, body: string) =>
  post(`${pathOf(id)}/comments`, { body }, { schema: applicationView })

export type Decision = 'approve' | 'return' | 'reject'
export const decide = (id: string, version: number, decision: Decision, comment: string) =>
  post(`${pathOf(id)}/decision`, { version, decision, comment }, { schema: applicationView })

const results = z.object({
  results: z.array(
    z.object({ id: z.string(), state: z.string().nullable(), message: z.string().nullable() }),
  ),
})
export const decideMany = (
  items: readonly { readonly id: string; readonly version: number }[],
  decision: Decision,
  comment: string,
) => post(`${BASE}/decisions`, { items, decision, comment }, { schema: results })

export const repairWork = (workId: string, body: RepairRequest) =>
  post(`/api/works/${encodeURIComponent(workId)}/repair`, body)

export const uploadBatch = (file: File, checkOnly: boolean) =>
  post(`${BASE}/batch?check=${checkOnly}`, new Blob([file], { type: 'text/csv' }), { schema: batchView })

export const organisationQuery = (id: string) =>
  one(`/api/organisations/${encodeURIComponent(id)}`, organisationPage)

const candidates = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), email: z.string() })),
})
export const candidatesQuery = one('/api/delegations/candidates', candidates)
export const delegationsQuery = one('/api/delegations', z.object({ items: z.array(delegationView) }))
export const makeDelegation = (body: {
  toPersonId: string
  firstDay: string
  lastDay: string
  reason: string
}) => post('/api/delegations', body, { schema: delegationView })
export const revokeDelegation = (id: string) => del(`/api/delegations/${encodeURIComponent(id)}`)

export const mailQuery = one('/api/mail', mailView)
export const retryMail = (id: string) => post(`/api/mail/${encodeURIComponent(id)}/retry`)

export const notificationsQuery = one('/api/notifications', z.object({ items: z.array(notificationView) }))
export const markAllRead = () => post('/api/notifications/read')
