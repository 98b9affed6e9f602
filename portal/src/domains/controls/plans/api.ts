import {
  type ApplyRequest,
  applyDetail,
  applyPage,
  applyView,
  controlStatus,
} from '@rankan/server/domain/controls/applies.ts'
import {
  type PlanRequestInput,
  planDetail,
  planPage,
  planView,
} from '@rankan/server/domain/controls/plans.ts'
import { controlSetList, controlSetView, type SetRef } from '@rankan/server/domain/controls/sets.ts'
import { queryOptions } from '@tanstack/react-query'
import { get, post } from '../../../api/client.ts'

const id = encodeURIComponent

/** The newest are what people look for; older ones are in the API. */
const SHOWN = 50

// Keys begin with the topics of the server's events.
export const setsQuery = () =>
  queryOptions({
    queryKey: ['control_sets'],
    queryFn: async ({ signal }) => (await get('/api/control-sets', controlSetList, {}, signal)).items,
  })

/** A version never changes. */
export const setVersionQuery = ({ name, version }: SetRef) =>
  queryOptions({
    queryKey: ['control_sets', name, version],
    queryFn: ({ signal }) => get(`/api/control-sets/${id(name)}`, controlSetView, { version }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const plansQuery = () =>
  queryOptions({
    queryKey: ['control_plans'],
    queryFn: async ({ signal }) =>
      (await get('/api/control-plans', planPage, { limit: SHOWN }, signal)).items,
  })

export const planQuery = (planId: string) =>
  queryOptions({
    queryKey: ['control_plans', planId],
    queryFn: ({ signal }) => get(`/api/control-plans/${id(planId)}`, planDetail, {}, signal),
  })

export const appliesQuery = () =>
  queryOptions({
    queryKey: ['control_applies'],
    queryFn: async ({ signal }) =>
      (await get('/api/control-applies', applyPage, { limit: SHOWN }, signal)).items,
  })

export const applyQuery = (applyId: string) =>
  queryOptions({
    queryKey: ['control_applies', applyId],
    queryFn: ({ signal }) => get(`/api/control-applies/${id(applyId)}`, applyDetail, {}, signal),
  })

export const statusQuery = (awsOrganizationId: string) =>
  queryOptions({
    queryKey: ['control_applies', 'status', awsOrganizationId],
    queryFn: ({ signal }) =>
      get(`/api/aws-organizations/${id(awsOrganizationId)}/controls`, controlStatus, {}, signal),
  })

export const makePlan = (body: PlanRequestInput) => post('/api/control-plans', body, { schema: planView })

export const applyPlan = (planId: string, body: ApplyRequest) =>
  post(`/api/control-plans/${id(planId)}/apply`, body, { schema: applyView })

export const retryApply = (applyId: string) =>
  post(`/api/control-applies/${id(applyId)}/retry`, undefined, { schema: applyView })

export const giveUpApply = (applyId: string, reason: string) =>
  post(`/api/control-applies/${id(applyId)}/give-up`, { reason }, { schema: applyView })
