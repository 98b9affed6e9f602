/** An estate without HTTP for property tests: the demo, a clock that stands, and calls straight to a service's handlers. */
import { manualClock } from '../../../kernel/clock.ts'
import type { Caller } from '../../core/contract.ts'
import { mergeSettings } from '../../core/settings.ts'
import { openWorld } from '../../core/world.ts'
import { seeded } from '../../seed/organization.ts'
import { seedDemo } from '../../seed/seed.ts'
import { coreSettings } from '../../settings/core.ts'
import { allServices } from '../index.ts'

export const REGION = 'ap-northeast-1'
export const MINUTE = 60_000

export function testEstate(seed: number, service: string) {
  const definitions = allServices(() => 0)
  const services = new Map(definitions.map((s) => [s.signingName, s]))
  const settings = mergeSettings([coreSettings, ...definitions.map((s) => s.settings)])
  const failures: unknown[] = []
  const clock = manualClock(new Date('2026-04-01T00:00:00Z'))
  const log = (message: string, fields: object) => void failures.push({ message, fields })
  const runtime = openWorld({ dataDir: null, clock, seed, timeScale: 1, services, settings, log })
  runtime.run((world) => seedDemo(world, ['*'], 'demo'))
  const { world } = runtime
  const [organization] = [...seeded(world).values()].filter((o) => o.hasLandingZone)
  if (!organization) throw new Error('the demo has no landing zone')
  const caller: Caller = {
    accountId: organization.managementAccountId,
    arn: organization.roleArn,
    roleArn: organization.roleArn,
    userId: 'test',
  }
  const ask = (operation: string, input: object): unknown =>
    runtime.run(() => {
      const handler = services.get(service)?.operations[operation]
      const call = {
        service,
        operation,
        input,
        caller,
        region: REGION,
        world,
        requestId: 't',
        waitedMs: 0,
        origin: '',
      }
      return handler?.(call as never)
    })
  return { runtime, world, ask, failures, organization }
}
