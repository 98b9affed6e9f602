import type { OrganizationPort, OuRef } from '../../ports/estate.ts'
import { endingTopic } from '../../ports/lifecycle.ts'
import { estateOf, type Work } from '../deps.ts'

interface OuSearch {
  /** The deepest OU of the path that exists, or the root. */
  readonly at: OuRef
  readonly missing: readonly string[]
  readonly ready: boolean
}

/** The OU for this order: chosen by the mapping rule, made and registered if it is not there yet. */
export async function provideOu(work: Work): Promise<OuRef> {
  const { ctx, deps, workId } = work
  const path = await ctx.step('choose-ou', () => deps.register.place(workId))
  const found = await ctx.step('find-ou', () => searchOu(estateOf(work).organization, path))
  if (found.missing.length === 0 && found.ready) return found.at
  return ctx.holding('ou_operations', work.awsOrganizationId, () => makeOus(work, found))
}

async function makeOus(work: Work, found: OuSearch): Promise<OuRef> {
  let at = found.at
  if (!found.ready) await waitReady(work, at)
  for (const name of found.missing) {
    const parent = at.id
    at = await work.ctx.step(`create-ou:${name}`, () => estateOf(work).organization.ensureOu(parent, name))
    await waitReady(work, at)
  }
  return at
}

async function waitReady(work: Work, ou: OuRef): Promise<void> {
  const state = await work.ctx.until(
    `ou-ready:${ou.name}`,
    endingTopic(work.awsOrganizationId, ou.id),
    async () => {
      const state = await estateOf(work).organization.ouState(ou.id)
      return state === 'working' ? null : state
    },
    work.deps.timings.ou,
  )
  if (state === 'failed')
    await work.ctx.fail(`ou-ready:${ou.name}`, {
      code: 'ou_registration_failed',
      message: `Control Tower could not register the OU \`${ou.name}\` (\`${ou.id}\`). Re-register it in Control Tower, then retry.`,
      correctable: [],
    })
}

/** Reads only the levels of the path: an estate may have thousands of OUs. */
export async function searchOu(organization: OrganizationPort, path: readonly string[]): Promise<OuSearch> {
  const { rootId } = await organization.describe()
  let at: OuRef = { id: rootId, name: 'Root' }
  for (const [depth, name] of path.entries()) {
    const next = await organization.childOu(at.id, name)
    if (next === null) return { at, missing: path.slice(depth), ready: true }
    at = next
  }
  return { at, missing: [], ready: (await organization.ouState(at.id)) === 'ready' }
}
