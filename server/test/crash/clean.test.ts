import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { type Lane, openLane } from './lane.ts'

const TIME_SCALE = 2000

describe('vend and close on the real engine and the sandbox', () => {
  let sandbox: Sandbox
  let lane: Lane
  beforeAll(async () => {
    sandbox = await startSandbox({
      dataDir: null,
      allowedActions: DECLARED_ACTIONS,
      estate: 'empty',
      timeScale: TIME_SCALE,
    })
    lane = await openLane(sandbox, TIME_SCALE)
  })
  afterAll(async () => {
    await lane.stop()
    await sandbox.stop()
  })

  it.each(['account_factory', 'auto_enrolment'] as const)('goes through with %s', async (engine) => {
    const tag = engine === 'account_factory' ? 'c001' : 'c002'
    const run = await lane.run(tag, 'close', engine, null)
    console.log(run.seen.join('\n'))
    console.log(JSON.stringify(JSON.parse(run.end), null, 1))
    expect(run.died).toBe(false)
  })
})
