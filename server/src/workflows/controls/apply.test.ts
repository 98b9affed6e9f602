import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../catalog/plan/digest.ts'
import { planControls } from '../../catalog/plan/plan.ts'
import { afterEffects, NOTHING_KEPT, PRODUCTION, setOf, smallWorld } from '../../catalog/plan/testing.ts'
import type { Control } from '../../catalog/record.ts'
import type { StepState } from '../../domain/controls/kinds.ts'
import type { ControlPlan } from '../../domain/controls/plans.ts'
import type { ControlWorld } from '../../domain/controls/world.ts'
import { systemClock } from '../../kernel/clock.ts'
import { conflict, invalid, type RankanError } from '../../kernel/errors.ts'
import { ORGANIZATION_KINDS } from '../../policy/guardrails.ts'
import type { ApplyJob, ControlStore } from '../../ports/controls.ts'
import { runApply } from './apply.ts'
import type { ControlDeps } from './deps.ts'

const hash = (text: string): string =>
  [...text]
    .reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) >>> 0, 7)
    .toString(16)
    .padStart(64, '0')

const policy = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action, Resource: '*' }],
})
const control = (id: string, Action: string): Control => ({
  record: {
    id,
    version: 1,
    title: { ja: id, en: id },
    objective: { ja: id, en: id },
    rationale: { ja: id, en: id },
    guidance: { ja: id, en: id },
    severity: 'low',
    services: ['*'],
    resourceTypes: [],
    frameworks: [],
    parameters: {},
    forms: {
      preventive: [
        { kind: 'scp', file: 'scp.json' },
        { kind: 'rcp', file: 'rcp.json' },
      ],
    },
  },
  documents: {
    'scp.json': policy(Action),
    'rcp.json': {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: '*' }],
    },
  },
  cases: [],
})

const plan = (world = smallWorld()): ControlPlan =>
  planControls({
    world,
    target: PRODUCTION,
    sets: [setOf('a', 'one')],
    library: [control('one', 's3:DeleteBucket')],
    kept: NOTHING_KEPT,
    hash,
    limits: ORGANIZATION_KINDS,
  })

/** A store in memory: what each step is, and what the apply came to. */
function memory(job: ApplyJob) {
  const states = new Map<number, StepState>(job.steps.map(({ number, state }) => [number, state]))
  const attempts = new Map<number, number>()
  const troubles: string[] = []
  let end = 'running'
  const over = (state: string) => {
    end = state
  }
  const store: ControlStore = {
    claim: async () => null,
    beat: async () => true,
    release: async () => {},
    standing: async () => ({ sets: [], policies: [], carriers: [], ownLimits: [] }),
    planned: async () => {},
    planFailed: async () => {},
    refused: async () => over('refused'),
    stepStarted: async (_, number) => void attempts.set(number, (attempts.get(number) ?? 0) + 1),
    stepBegun: async () => {},
    stepDone: async (_, number) => void states.set(number, 'done'),
    stepTrouble: async (_, __, { code }) => void troubles.push(code),
    stepFailed: async (_, number) => {
      states.set(number, 'failed')
      over('needs_repair')
    },
    stepUndone: async (_, number, { state }) => void states.set(number, state),
    done: async () => over('done'),
    partsInUse: async () => [],
    saw: async () => {},
    givenUp: async () => over('given_up'),
  }
  const steps = () =>
    job.steps.map(({ number }) => ({
      number,
      state: states.get(number) ?? 'pending',
      attempts: attempts.get(number) ?? 0,
      operation: null,
    }))
  return { store, states, troubles, end: () => end, steps }
}

function jobOf(made: ControlPlan, world: ControlWorld): ApplyJob {
  const steps = made.steps.map(({ number }) => ({
    number,
    state: 'pending' as const,
    attempts: 0,
    operation: null,
  }))
  const digest = digestOf(world, made, hash)
  return { id: 'cap_1', attempt: 1, awsOrganizationId: 'aws_1', mode: 'do', plan: made, digest, steps }
}

/** AWS as a model; `fault` may refuse the n-th call. */
function setup(world: ControlWorld, job: ApplyJob, fault: (call: number) => RankanError | null) {
  let now = world
  let calls = 0
  const kept = memory(job)
  const { organizationId, managementAccountId, places } = world
  const deps: ControlDeps = {
    store: kept.store,
    estate: () => ({
      organization: {
        describe: async () => ({ organizationId, managementAccountId, rootId: 'r-test' }),
        async *ous() {
          for (const { id, name, kind, parentId } of places)
            if (kind === 'ou') yield { id, name, parentId: parentId ?? '' }
        },
        async *accountsOf() {},
      },
      controls: {
        hasLandingZone: async () => false,
        policies: {
          read: async () => now.policies,
          async begin(effect) {
            const error = fault(calls++)
            if (error !== null) throw error
            now = afterEffects(now, [effect])
            return { done: true, result: {} }
          },
          look: () => Promise.reject(new Error('nothing goes on')),
        },
        tower: null,
        packs: null,
        securityHub: null,
        hooks: null,
        documents: null,
      },
    }),
    library: [],
    hash,
    clock: systemClock,
    timeScale: 1,
  }
  const run = (more: Partial<ApplyJob> = {}) =>
    runApply(deps, { ...job, ...more }, { sleep: async () => {}, ended: () => false })
  return { ...kept, run, now: () => now }
}

describe('an apply', () => {
  it('tries again what AWS is too busy for, and tells of each time', async () => {
    const made = plan()
    const job = jobOf(made, smallWorld())
    const { run, end, troubles, now } = setup(smallWorld(), job, (call) =>
      call < 3 ? conflict('busy', 'AWS is busy.') : null,
    )
    await run()
    expect([end(), troubles]).toEqual(['done', ['busy', 'busy', 'busy']])
    expect(plan(now()).steps).toEqual([])
  })

  it('does nothing when the world is another one than the plan was made from', async () => {
    const made = plan()
    const job = { ...jobOf(made, smallWorld()), digest: 'other' }
    const { run, end, states, now } = setup(smallWorld(), job, () => null)
    await run()
    expect(end()).toBe('refused')
    expect([...states.values()].every((state) => state === 'pending')).toBe(true)
    expect(now()).toEqual(smallWorld())
  })

  it('waits for a person at any step that AWS refuses; then goes on to the end, or undoes all that it did', async () => {
    const made = plan()
    expect(made.steps.length).toBeGreaterThanOrEqual(4)
    await fc.assert(
      fc.asyncProperty(fc.nat(made.steps.length - 1), fc.boolean(), async (at, goOn) => {
        const job = jobOf(made, smallWorld())
        const world = setup(smallWorld(), job, (call) =>
          call === at ? invalid('refused', 'AWS says no.') : null,
        )
        await world.run()
        expect(world.end()).toBe('needs_repair')
        expect([...world.states.values()].filter((state) => state === 'done')).toHaveLength(at)
        await world.run({ mode: goOn ? 'do' : 'give_up', steps: world.steps(), attempt: 2 })
        expect(world.end()).toBe(goOn ? 'done' : 'given_up')
        if (goOn) expect(plan(world.now()).steps).toEqual([])
        else expect(world.now()).toEqual(smallWorld())
      }),
      { numRuns: 20 },
    )
  })

  it('shows what giving up could not undo', async () => {
    const made = plan()
    const job = jobOf(made, smallWorld())
    const world = setup(smallWorld(), job, (call) => (call >= 1 ? invalid('refused', 'AWS says no.') : null))
    await world.run()
    await world.run({ mode: 'give_up', steps: world.steps(), attempt: 2 })
    expect(world.end()).toBe('given_up')
    expect(world.states.get(1)).toBe('kept')
  })
})
