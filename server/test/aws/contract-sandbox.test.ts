import { describe, expect, it } from 'vitest'
import gaps from '../../../tools/conformance/gaps.json' with { type: 'json' }
import { BASE_ACTIONS, DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { estateContract } from './contract/run.ts'
import { failureSuite } from './failures.ts'
import { type SandboxShape, sandboxWorld } from './targets/sandbox.ts'

const SHAPES: readonly (SandboxShape & { readonly name: string })[] = [
  { name: 'the sandbox with Account Factory', engine: 'account_factory', landingZone: true },
  { name: 'the sandbox with auto-enrolment', engine: 'auto_enrolment', landingZone: true },
  { name: 'the sandbox without a landing zone', engine: 'auto_enrolment', landingZone: false },
]

const seen = new Set<string>()
for (const shape of SHAPES) estateContract(shape.name, gaps.sandbox, () => sandboxWorld(shape), seen)
failureSuite(seen)

// Runs last: every method of every adapter was called above, by a role that may do nothing else.
describe('the declared IAM actions', () => {
  it('are exactly those that the adapters use: none missing, none to spare', () => {
    expect([...seen].sort()).toEqual([...DECLARED_ACTIONS, ...BASE_ACTIONS].sort())
  })
})
