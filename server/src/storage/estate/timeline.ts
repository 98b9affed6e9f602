import { sql } from 'kysely'
import type { WorkMoment, WorkObserver } from '../../ports/queue.ts'
import { type Changes, type Scoped, statement } from '../transact.ts'
import { WORKER } from './row.ts'

/** Writes how the steps go. Telling the same moment twice changes nothing; an older attempt never hides a newer one. */
export function timelineObserver(on: Changes): WorkObserver {
  return {
    tell: (workId, moments) => statement(on, WORKER, (one) => writeSteps(one, workId, collapse(moments))),
  }
}

/** What several moments of one step leave behind. */
interface StepNow {
  readonly step: string
  readonly state: 'running' | 'waiting' | 'done' | 'failed'
  readonly attempts: number
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly error:
    | (NonNullable<Extract<WorkMoment, { type: 'failed' }>['error']> & { readonly at: string })
    | null
}

function collapse(moments: readonly WorkMoment[]): readonly StepNow[] {
  const steps = new Map<string, StepNow>()
  for (const moment of moments) steps.set(moment.step, next(steps.get(moment.step) ?? null, moment))
  return [...steps.values()]
}

function next(before: StepNow | null, moment: WorkMoment): StepNow {
  const state = stateAfter(moment)
  return {
    step: moment.step,
    state,
    attempts: Math.max(before?.attempts ?? 0, moment.attempt),
    startedAt: before?.startedAt ?? moment.at,
    finishedAt: state === 'done' || state === 'failed' ? moment.at : null,
    error: moment.type === 'failed' ? { ...moment.error, at: moment.at } : (before?.error ?? null),
  }
}

function stateAfter(moment: WorkMoment): StepNow['state'] {
  if (moment.type === 'started') return 'running'
  if (moment.type === 'waiting') return 'waiting'
  if (moment.type === 'succeeded') return 'done'
  return moment.retryInMs === null ? 'failed' : 'waiting'
}

/**
 * All steps in one statement. A replayed step (attempt 0) was done before a crash: only what the crash kept from being
 * written is filled in. Work that belongs to no application has no timeline.
 */
async function writeSteps(one: Scoped, workId: string, steps: readonly StepNow[]): Promise<void> {
  await sql`
    with work as (select work_id, application_id, organisation_id from application_order where work_id = ${workId}),
    told as (
      insert into work_step (work_id, step, organisation_id, application_id, state, attempts, started_at, finished_at, error)
      select work_id, s.v->>'step', organisation_id, application_id, s.v->>'state', (s.v->>'attempts')::integer,
        (s.v->>'startedAt')::timestamptz, (s.v->>'finishedAt')::timestamptz, nullif(s.v->'error', 'null'::jsonb)
      from work, jsonb_array_elements(${JSON.stringify(steps)}::jsonb) with ordinality as s (v, place)
      order by s.place
      on conflict (work_id, step) do update
        set state = excluded.state, finished_at = excluded.finished_at,
            attempts = greatest(work_step.attempts, excluded.attempts),
            error = coalesce(excluded.error, work_step.error)
        where not (excluded.attempts = 0 and work_step.state = 'done'))
    select pg_notify('rankan_changes', json_build_object('topic', 'applications', 'id', application_id,
      'organisationId', organisation_id)::text) from work`.execute(one.sql)
}
