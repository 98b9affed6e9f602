import { RankanError } from '../../kernel/errors.ts'
import type { Connection } from '../connection.ts'
import { EnableBaselineCommand, ResetEnabledBaselineCommand } from '../declared.ts'
import type { ControlTowerReader } from './read.ts'

type Client = Connection['controlTower']

/** Registers an OU; done already when the baseline is on it, in whatever state. */
export async function registerOu(client: Client, read: ControlTowerReader, ouId: string): Promise<void> {
  const target = await read.arnOf('ou', ouId)
  if ((await read.enabledOn(target)) !== null) return
  const [baseline, version] = [await read.accountBaseline(), await read.versionInUse()]
  if (baseline === null || version === null)
    throw new RankanError(
      'invalid',
      'no_registered_ou',
      'Control Tower has no registered OU whose baseline version a new OU could take: register one OU first.',
    )
  const identity = await read.enabledIdentity()
  const parameters =
    identity?.arn === undefined
      ? {}
      : { parameters: [{ key: 'IdentityCenterEnabledBaselineArn', value: identity.arn }] }
  const wanted = { baselineIdentifier: baseline, baselineVersion: version, targetIdentifier: target }
  try {
    await client.send(new EnableBaselineCommand({ ...wanted, ...parameters }))
  } catch (error) {
    // Another worker may have registered it since we looked; a conflict with other work on OUs is one still.
    if (!(error instanceof RankanError) || error.kind !== 'conflict') throw error
    if ((await read.enabledOn(target)) === null) throw error
  }
}

/** Enrols what failed under an OU once more (AWS: the way out of inheritance drift). */
export async function resetBaseline(client: Client, enabledBaselineArn: string): Promise<void> {
  await client.send(new ResetEnabledBaselineCommand({ enabledBaselineIdentifier: enabledBaselineArn }))
}
