import type {
  ControlEffect,
  DocumentEffect,
  HookEffect,
  SecurityHubEffect,
} from '../../domain/controls/effects.ts'
import type { ControlPlan } from '../../domain/controls/plans.ts'
import type { ControlSetBody } from '../../domain/controls/sets.ts'
import type {
  ControlWorld,
  SeenHook,
  SeenPolicy,
  SeenSecurityHubPolicy,
  SeenStackSet,
} from '../../domain/controls/world.ts'
import type { NamedSet } from './choose.ts'
import type { Kept } from './input.ts'

/** A small AWS organisation for tests: a root, two OUs, three accounts, and AWS's own policies. */
export const smallWorld = (more: Partial<ControlWorld> = {}): ControlWorld => ({
  organizationId: 'o-test123456',
  managementAccountId: '111111111111',
  landingZone: false,
  places: [
    { id: 'r-test', kind: 'root', name: 'Root', parentId: null },
    { id: 'ou-test-aaaaaaaa', kind: 'ou', name: 'Production', parentId: 'r-test' },
    { id: 'ou-test-bbbbbbbb', kind: 'ou', name: 'Development', parentId: 'r-test' },
    { id: '111111111111', kind: 'account', name: 'management', parentId: 'r-test' },
    { id: '222222222222', kind: 'account', name: 'production', parentId: 'ou-test-aaaaaaaa' },
    { id: '333333333333', kind: 'account', name: 'development', parentId: 'ou-test-bbbbbbbb' },
  ],
  policies: { kinds: ['scp', 'rcp'], policies: [fullAccess()] },
  tower: null,
  packs: null,
  securityHub: null,
  hooks: null,
  documents: null,
  ...more,
})

export const PRODUCTION = 'ou-test-aaaaaaaa'

const fullAccess = (): SeenPolicy => ({
  id: 'p-FullAWSAccess',
  kind: 'scp',
  name: 'FullAWSAccess',
  description: '',
  awsManaged: true,
  document: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  targets: ['r-test', 'ou-test-aaaaaaaa', 'ou-test-bbbbbbbb'],
})

export const setOf = (
  name: string,
  ...controls: readonly (string | ControlSetBody['controls'][number])[]
): NamedSet => ({
  name,
  version: 1,
  body: {
    title: { ja: name, en: name },
    description: { ja: name, en: name },
    controls: controls.map((one) => (typeof one === 'string' ? { control: one } : one)),
  },
})

export const NOTHING_KEPT: Kept = { policies: [], carriers: [] }

/** What an apply of the plan keeps. */
export const keptOf = (plan: ControlPlan): Kept => ({
  policies: plan.policies.map(({ kind, name, document, controls, statements }) => ({
    kind,
    name,
    document,
    controls,
    statements,
    target: plan.target.id,
  })),
  carriers: plan.carriers.map((one) => ({ ...one, target: plan.target.id })),
})

/** A model of AWS Organizations: what the effects make of the world; refuses what AWS would refuse. */
export function afterEffects(
  world: ControlWorld,
  effects: readonly ControlEffect[],
  slots = 10,
): ControlWorld {
  return effects.reduce((now, effect) => afterEffect(now, effect, slots), world)
}

function afterEffect(world: ControlWorld, effect: ControlEffect, slots: number): ControlWorld {
  const { policies } = world.policies
  const withPolicies = (next: readonly SeenPolicy[]) => ({
    ...world,
    policies: { ...world.policies, policies: next },
  })
  const edit = (name: string, change: (one: SeenPolicy) => SeenPolicy) => {
    if (!policies.some((one) => one.name === name)) throw new Error(`no policy ${name}`)
    return withPolicies(policies.map((one) => (one.name === name ? change(one) : one)))
  }
  switch (effect.do) {
    case 'enable_policy_type':
      return { ...world, policies: { ...world.policies, kinds: [...world.policies.kinds, effect.kind] } }
    case 'put_policy': {
      const { kind, name, description, content } = effect
      if (!world.policies.kinds.includes(kind)) throw new Error(`${kind} is off`)
      if (policies.some((one) => one.name === name))
        return edit(name, (one) => ({ ...one, description, document: content }))
      const made = {
        id: `p-${name}`,
        kind,
        name,
        description,
        awsManaged: false,
        document: content,
        targets: [],
      }
      return withPolicies([...policies, made])
    }
    case 'delete_policy':
      if (policies.some((one) => one.name === effect.name && one.targets.length > 0))
        throw new Error('in use')
      return withPolicies(policies.filter((one) => one.name !== effect.name))
    case 'attach_policy': {
      const used = policies.filter(
        (one) => one.kind === effect.kind && one.targets.includes(effect.target),
      ).length
      if (used >= slots) throw new Error('no slot left')
      return edit(effect.name, (one) => ({
        ...one,
        targets: [...new Set([...one.targets, effect.target])].sort(),
      }))
    }
    case 'detach_policy':
      return edit(effect.name, (one) => ({
        ...one,
        targets: one.targets.filter((id) => id !== effect.target),
      }))
    case 'put_securityhub_policy':
    case 'delete_securityhub_policy':
    case 'associate_securityhub_policy':
    case 'disassociate_securityhub_policy':
      return afterHubEffect(world, effect)
    case 'put_repairs':
    case 'deploy_repairs':
    case 'withdraw_repairs':
    case 'delete_repairs':
      return afterRepairEffect(world, effect)
    case 'put_hook_rules':
    case 'put_hook':
    case 'deploy_hook':
    case 'withdraw_hook':
    case 'delete_hook':
      return afterHookEffect(world, effect)
    default:
      throw new Error(`the model knows no ${effect.do}`)
  }
}

/** Central configuration of Security Hub: one policy for each target, none deleted while it is applied. */
function afterHubEffect(world: ControlWorld, effect: SecurityHubEffect): ControlWorld {
  const { securityHub } = world
  if (securityHub === null) throw new Error('there is no Security Hub')
  const withHub = (policies: readonly SeenSecurityHubPolicy[]) => ({
    ...world,
    securityHub: { ...securityHub, policies },
  })
  const { policies } = securityHub
  const { name } = effect
  const found = policies.find((one) => one.name === name)
  switch (effect.do) {
    case 'put_securityhub_policy': {
      const { enabledStandards, enabledControls, disabledControls } = effect
      if ((enabledControls === null) === (disabledControls === null)) throw new Error('one list, not both')
      const made = { id: `id-${name}`, name, enabledStandards, enabledControls, disabledControls }
      return withHub([
        ...policies.filter((one) => one.name !== name),
        { ...made, targets: found?.targets ?? [] },
      ])
    }
    case 'delete_securityhub_policy':
      if ((found?.targets.length ?? 0) > 0) throw new Error('in use')
      return withHub(policies.filter((one) => one.name !== name))
    case 'associate_securityhub_policy':
      if (found === undefined) throw new Error(`no policy ${name}`)
      return withHub(
        policies.map((one) => {
          const others = one.targets.filter(({ id }) => id !== effect.target)
          return one.name === name
            ? { ...one, targets: [...others, { id: effect.target, status: 'SUCCESS' as const }] }
            : { ...one, targets: others }
        }),
      )
    case 'disassociate_securityhub_policy':
      return withHub(
        policies.map((one) =>
          one.name === name ? { ...one, targets: one.targets.filter(({ id }) => id !== effect.target) } : one,
        ),
      )
  }
}

/** As for hooks. */
function afterRepairEffect(world: ControlWorld, effect: DocumentEffect): ControlWorld {
  const stackSets = world.documents?.stackSets
  if (world.documents === null || stackSets == null) throw new Error('there are no stack sets')
  const documents = world.documents
  const { name } = effect
  const others = stackSets.sets.filter((one) => one.name !== name)
  const found = stackSets.sets.find((one) => one.name === name)
  const withSets = (...sets: readonly SeenStackSet[]) => ({
    ...world,
    documents: { ...documents, stackSets: { ...stackSets, sets: [...others, ...sets] } },
  })
  if (effect.do === 'put_repairs')
    return withSets({ name, template: effect.template, targets: found?.targets ?? [], drift: null })
  if (found === undefined) throw new Error(`no stack set ${name}`)
  if (effect.do === 'delete_repairs') {
    if (found.targets.length > 0) throw new Error('in use')
    return withSets()
  }
  if (effect.do !== 'deploy_repairs' && effect.do !== 'withdraw_repairs') throw new Error(effect.do)
  const rest = found.targets.filter((id) => id !== effect.target)
  return withSets({ ...found, targets: effect.do === 'deploy_repairs' ? [...rest, effect.target] : rest })
}

/** Stack sets: none is deleted while it is deployed. */
function afterHookEffect(world: ControlWorld, effect: HookEffect): ControlWorld {
  const sight = world.hooks
  if (sight === null) throw new Error('there are no hooks')
  if (effect.do === 'put_hook_rules') return world
  const { name } = effect
  const others = sight.hooks.filter((one) => one.name !== name)
  const found = sight.hooks.find((one) => one.name === name)
  const withHooks = (...hooks: readonly SeenHook[]) => ({
    ...world,
    hooks: { ...sight, hooks: [...others, ...hooks] },
  })
  if (effect.do === 'put_hook')
    return withHooks({
      name,
      template: effect.template,
      targets: found?.targets ?? [],
      rules: null,
      drift: null,
    })
  if (found === undefined) throw new Error(`no hook ${name}`)
  if (effect.do === 'delete_hook') {
    if (found.targets.length > 0) throw new Error('in use')
    return withHooks()
  }
  const rest = found.targets.filter((id) => id !== effect.target)
  return withHooks({ ...found, targets: effect.do === 'deploy_hook' ? [...rest, effect.target] : rest })
}
