import type { ControlPart } from '../../domain/controls/effects.ts'
import type { CarrierSight, ControlStore } from '../../ports/controls.ts'
import type { ControlDeps } from './deps.ts'

/**
 * Looks at what carries controls and is no policy, of the parts that have something of ours: policies are the sweep's.
 * A part that cannot be read is left out; nothing is said of it then.
 */
export async function readCarriers(
  {
    store,
    estate,
  }: Pick<ControlDeps, 'estate'> & {
    readonly store: Pick<ControlStore, 'partsInUse' | 'saw'>
  },
  awsOrganizationId: string,
): Promise<void> {
  const parts = await store.partsInUse(awsOrganizationId)
  if (parts.length === 0) return
  const { controls } = estate(awsOrganizationId)
  const read = async <S>(part: ControlPart, port: { read(): Promise<S | null> } | null): Promise<S | null> =>
    port !== null && parts.includes(part) ? port.read().catch(() => null) : null
  const sight: CarrierSight = {
    tower: await read('tower', controls.tower),
    packs: await read('packs', controls.packs),
    securityHub: await read('securityHub', controls.securityHub),
    hooks: await read('hooks', controls.hooks),
    documents: await read('documents', controls.documents),
  }
  await store.saw(awsOrganizationId, sight)
}
