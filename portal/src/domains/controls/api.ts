import type { Language } from '@rankan/server/kernel/text.ts'
import type { ControlType } from '@rankan/server/src/catalog/types.ts'
import {
  controlDetail,
  controlInForce,
  controlPlaces,
  controlRow,
  frameworkCoverage,
  frameworkList,
} from '@rankan/server/src/catalog/view.ts'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { urlOf } from '../../api/client.ts'
import { all, one } from '../../api/queries.ts'

const id = encodeURIComponent

/** The library changes only with a new release of Rankan. */
const KEPT_MS = 600_000

export interface ListFilter {
  readonly framework?: string | undefined
  readonly element?: string | undefined
}

export const controlsQuery = (filter: ListFilter) =>
  queryOptions({ ...all('/api/controls', controlRow, { ...filter }), staleTime: KEPT_MS })

export const controlQuery = (controlId: string) =>
  queryOptions({ ...one(`/api/controls/${id(controlId)}`, controlDetail), staleTime: KEPT_MS })

export const inForceQuery = (controlId: string) =>
  queryOptions({
    ...one(`/api/controls/${id(controlId)}/in-force`, controlInForce),
    // A sweep that found a change announces `guardrails`.
    queryKey: ['guardrails', 'control', controlId],
  })

/** Where each control is on; for the centre. */
export const placesQuery = () =>
  queryOptions({
    ...one('/api/control-places', controlPlaces),
    queryKey: ['guardrails', 'control-places'],
    staleTime: 60_000,
  })

export const frameworksQuery = () =>
  queryOptions({ ...one('/api/frameworks', frameworkList), staleTime: KEPT_MS })

export interface CoverageFilter {
  readonly type?: ControlType | undefined
  readonly service?: string | undefined
}

const coveragePath = (framework: string) => `/api/frameworks/${id(framework)}/coverage`

export const coverageQuery = (framework: string, filter: CoverageFilter) =>
  queryOptions({
    ...one(coveragePath(framework), frameworkCoverage, { ...filter }),
    staleTime: KEPT_MS,
    placeholderData: keepPreviousData,
  })

export const coverageUrl = (
  framework: string,
  format: 'csv' | 'svg',
  filter: CoverageFilter,
  language: Language,
  /** Adds where the controls are on; for the centre. */
  live: boolean,
) =>
  urlOf(
    `${coveragePath(framework)}.${format}`,
    format === 'svg' ? { ...filter, language } : { ...filter, live: live ? true : null },
  )
