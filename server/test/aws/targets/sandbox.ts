import { DECLARED_ACTIONS } from '../../../src/aws/actions.ts'
import type { AwsCall } from '../../../src/aws/calls.ts'
import { createEstate } from '../../../src/aws/estate.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import type { CreationEngine } from '../../../src/ports/estate.ts'
import { hookBucketOf, seedOrganization } from '../../../src/sandbox/seed/organization.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts'
import { type ContractWorld, collect, newOrder, vend } from '../contract/world.ts'

/** Which of the two engines, and whether Control Tower is there. */
export interface SandboxShape {
  readonly engine: CreationEngine
  readonly landingZone: boolean
}

export interface SandboxWorld extends ContractWorld {
  readonly sandbox: Sandbox
}

const MINUTE = 60_000

/** A fresh organisation of that shape in a sandbox of its own, seen by Rankan's role with exactly its declared actions. */
export async function sandboxWorld(shape: SandboxShape): Promise<SandboxWorld> {
  const sandbox = await startSandbox({
    dataDir: null,
    allowedActions: DECLARED_ACTIONS,
    estate: 'empty',
    seed: 7,
  })
  // The contract is about answers, not about rates: the engine waits when AWS throttles, these suites do not.
  sandbox.runtime.run((world) => {
    for (const service of ['account', 'sso']) {
      world.table('core.limits').put(`rate.${service}`, { value: 10_000 })
      world.table('core.limits').put(`burst.${service}`, { value: 10_000 })
    }
  })
  const made = sandbox.runtime.run((world) =>
    seedOrganization(
      world,
      {
        name: 'Contract',
        landingZone: shape.landingZone,
        engine: shape.engine,
        homeRegion: 'ap-northeast-1',
        ouNames: ['Production'],
        emailDomain: 'contract.example.jp',
      },
      DECLARED_ACTIONS,
    ),
  )
  const { accessKeyId, secretAccessKey } = sandbox.credentials()
  const calls: AwsCall[] = []
  const estate = createEstate({
    id: 'aws_sandbox',
    managementAccountId: made.managementAccountId,
    roleArn: made.roleArn,
    homeRegion: made.homeRegion,
    engine: shape.engine,
    hookBucket: hookBucketOf(made),
    endpoint: sandbox.url,
    credentials: { accessKeyId, secretAccessKey },
    clock: systemClock,
    onCall: (call) => calls.push(call),
  })
  const ous = await collect(estate.organization.ous())
  const ou = ous.find((o) => o.name === 'Production')
  if (ou === undefined) throw new Error('The sandbox has no OU `Production`.')
  const world: SandboxWorld = {
    sandbox,
    estate,
    calls,
    rootId: made.rootId,
    ou: { id: ou.id, name: ou.name },
    tick: async () => sandbox.runtime.advance(MINUTE),
    provoke: () => vend(world, newOrder(world, 'event')),
    async stop() {
      estate.destroy()
      await sandbox.stop()
    },
  }
  return world
}
