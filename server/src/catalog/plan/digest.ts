import type { ControlPlan } from '../../domain/controls/plans.ts'
import type { ControlWorld, SeenPolicy } from '../../domain/controls/world.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { type Hash, OUR_POLICY } from './documents.ts'
import { excludedFor } from './packs.ts'
import { OUR_DOCUMENT } from './repairs.ts'
import { OUR_HUB_POLICY } from './security-hub.ts'

/**
 * The part of the world that decided a plan, as a hash: what hangs on the target, and everything of ours anywhere.
 * Accounts that come and go elsewhere do not matter, except to a conformance pack, which must leave them out.
 */
export const digestOf = (
  world: ControlWorld,
  plan: Pick<ControlPlan, 'target' | 'steps' | 'carriers'>,
  hash: Hash,
): string => hash(canonicalJson(relevant(world, plan)))

function relevant(
  world: ControlWorld,
  { target, steps, carriers }: Pick<ControlPlan, 'target' | 'steps' | 'carriers'>,
) {
  const uses = (name: string) => [...steps, ...carriers].some(({ part }) => part === name)
  const [usesPacks, usesDocuments] = [uses('packs'), uses('documents')]
  return {
    organizationId: world.organizationId,
    landingZone: world.landingZone,
    path: pathOf(world, target.id),
    kinds: [...world.policies.kinds].sort(),
    policies: world.policies.policies
      .filter((one) => matters(one, target.id))
      .map(seenAs)
      .sort(byName),
    tower:
      world.tower === null
        ? null
        : world.tower.enabled
            .filter((one) => one.target === target.id)
            .map(({ control, status, drift, parameters }) => ({ control, status, drift, parameters }))
            .sort((a, b) => (a.control < b.control ? -1 : 1)),
    packs:
      world.packs === null || !usesPacks
        ? null
        : world.packs.packs
            .filter(({ name }) => name.startsWith('rankan-'))
            .map(({ name, status, updatedAt, excludedAccounts }) => ({
              name,
              failed: status.endsWith('FAILED'),
              updatedAt,
              excludedAccounts: [...excludedAccounts].sort(),
            }))
            .sort(byName),
    documents: usesDocuments ? documentsOf(world) : null,
    hooks: uses('hooks') ? hooksOf(world) : null,
    securityHub: uses('securityHub') ? securityHubOf(world, target.id) : null,
    excluded: usesPacks ? excludedFor(world, target.id) : null,
  }
}

const documentsOf = ({ documents }: ControlWorld) =>
  documents === null
    ? null
    : {
        shared: documents.documents
          .filter(({ name }) => OUR_DOCUMENT.test(name))
          .map(({ name, content }) => ({ name, content }))
          .sort(byName),
        trusted: documents.stackSets?.trusted ?? null,
        sets: (documents.stackSets?.sets ?? [])
          .map(({ name, template, targets }) => ({ name, template, targets: [...targets].sort() }))
          .sort(byName),
      }

const hooksOf = ({ hooks }: ControlWorld) =>
  hooks === null
    ? null
    : {
        bucket: hooks.bucket,
        trusted: hooks.trusted,
        hooks: hooks.hooks
          .map(({ name, template, targets, rules }) => ({
            name,
            template,
            targets: [...targets].sort(),
            rules,
          }))
          .sort(byName),
      }

/** Policies of ours, and those that rule the target or a place above it. */
function securityHubOf(world: ControlWorld, target: string) {
  const path = pathOf(world, target)
  const { securityHub } = world
  if (securityHub === null) return null
  return {
    configuration: securityHub.configuration,
    selfManaged: securityHub.selfManaged.filter((id) => path.includes(id)).sort(),
    policies: securityHub.policies
      .filter(({ name, targets }) => OUR_HUB_POLICY.test(name) || targets.some(({ id }) => path.includes(id)))
      .map(({ name, enabledStandards, enabledControls, disabledControls, targets }) => ({
        name,
        enabledStandards,
        enabledControls,
        disabledControls,
        targets: targets
          .map(({ id, status }) => ({ id, failed: status === 'FAILED' }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      }))
      .sort(byName),
  }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)

function pathOf({ places }: ControlWorld, target: string): readonly string[] {
  const found = places.find(({ id }) => id === target)
  return found === undefined
    ? []
    : [found.id, ...(found.parentId === null ? [] : pathOf({ places } as ControlWorld, found.parentId))]
}

const matters = ({ name, targets }: SeenPolicy, target: string): boolean =>
  OUR_POLICY.test(name) || targets.includes(target)

/** Of policies that are not ours only that they take a place counts. */
const seenAs = ({ id, kind, name, document, targets }: SeenPolicy) =>
  OUR_POLICY.test(name) ? { id, kind, name, document, targets: [...targets].sort() } : { id, kind, name }
