import type { KeptCarrier, KeptPolicy } from '../../domain/controls/kept.ts'
import type { ControlDrift } from '../../domain/controls/plans.ts'
import type {
  DocumentSight,
  HookSight,
  PackSight,
  SecurityHubSight,
  SeenPolicy,
  TowerSight,
} from '../../domain/controls/world.ts'
import type { Bilingual } from '../../kernel/text.ts'
import { accountDrift } from './account-drift.ts'
import type { Hash } from './documents.ts'
import { hookDrift } from './hooks.ts'
import type { Kept } from './input.ts'
import { packDrift } from './packs.ts'
import { isOurs, sameText } from './policy-steps.ts'
import { documentDrift } from './repairs.ts'
import { isAsNamed } from './security-hub.ts'
import type { StackSetDrift } from './stack-sets.ts'
import { hasParameters } from './tower.ts'

type Seen = Pick<SeenPolicy, 'kind' | 'name' | 'awsManaged' | 'document' | 'targets'>

export interface DriftSight {
  readonly policies: readonly Seen[]
  /** null: not read, so nothing is said of it. */
  readonly tower: TowerSight | null
  readonly packs: PackSight | null
  readonly securityHub: SecurityHubSight | null
  readonly hooks: HookSight | null
  readonly documents: DocumentSight | null
  readonly hash: Hash
}

/** What was applied and is not there any more as it was, with what to do about it. */
export function driftOf(
  kept: Kept,
  sight: DriftSight,
  placeName: (id: string) => string,
): readonly ControlDrift[] {
  return [
    ...kept.policies.flatMap((one) => policyDrift(one, sight.policies, placeName)),
    ...foreign(kept, sight.policies, placeName),
    ...kept.carriers.flatMap((one) => carrierDrift(one, kept.carriers, sight, placeName)),
  ]
}

const AGAIN: Bilingual = {
  ja: '統制セットの計画をもう一度立てて適用すると元に戻ります。意図した変更なら、統制セットを直してください。',
  en: 'Plan the control set again and apply it to put this right. If the change was meant, change the control set.',
}

function policyDrift(
  kept: KeptPolicy,
  seen: readonly Seen[],
  placeName: (id: string) => string,
): readonly ControlDrift[] {
  const { kind, name, target, controls } = kept
  const found = seen.find((one) => one.kind === kind && one.name === name)
  const base = { part: 'policies' as const, name, target, controls, proposal: AGAIN }
  if (found === undefined)
    return [
      {
        ...base,
        what: 'deleted',
        words: { ja: `ポリシー \`${name}\` がなくなっています`, en: `The policy \`${name}\` is gone` },
      },
    ]
  const changed: ControlDrift = {
    ...base,
    what: 'changed',
    words: {
      ja: `ポリシー \`${name}\` の内容が変えられています`,
      en: `The policy \`${name}\` says something else than was applied`,
    },
  }
  const detached: ControlDrift = {
    ...base,
    what: 'detached',
    words: {
      ja: `ポリシー \`${name}\` が ${placeName(target)} から外されています`,
      en: `The policy \`${name}\` was detached from ${placeName(target)}`,
    },
  }
  return [
    ...(sameText(found.document, kept.document) ? [] : [changed]),
    ...(found.targets.includes(target) ? [] : [detached]),
  ]
}

/** Policies of ours where no plan put them. */
function foreign(
  { policies }: Kept,
  seen: readonly Seen[],
  placeName: (id: string) => string,
): readonly ControlDrift[] {
  return seen.filter(isOurs).flatMap(({ kind, name, targets }) =>
    targets
      .filter(
        (target) => !policies.some((one) => one.kind === kind && one.name === name && one.target === target),
      )
      .map((target) => ({
        what: 'attached' as const,
        part: 'policies' as const,
        name,
        target,
        controls: policies.find((one) => one.name === name)?.controls ?? [],
        words: {
          ja: `ポリシー \`${name}\` が計画なしに ${placeName(target)} に付いています`,
          en: `The policy \`${name}\` hangs on ${placeName(target)}, where no plan put it`,
        },
        proposal: {
          ja: 'AWS で外すか、その場所に統制セットを計画してください。',
          en: 'Detach it in AWS, or plan a control set for that place.',
        },
      })),
  )
}

type Base = Pick<ControlDrift, 'part' | 'name' | 'target' | 'controls' | 'proposal'>

function carrierDrift(
  kept: KeptCarrier,
  all: readonly KeptCarrier[],
  sight: DriftSight,
  placeName: (id: string) => string,
): readonly ControlDrift[] {
  const { part, name, target, controls } = kept
  const base: Base = { part, name, target, controls, proposal: AGAIN }
  switch (part) {
    case 'tower':
      return towerDrift(base, kept, sight, placeName(target))
    case 'securityHub':
      return securityHubDrift(base, kept, sight, placeName(target))
    case 'packs':
      return sight.packs === null
        ? []
        : packDrift(kept, sight.packs).map((one) =>
            one.what === 'deleted' ? gone(base, PACK) : changedPack(base, one.at),
          )
    case 'documents':
      return sight.documents === null
        ? []
        : [
            ...documentDrift(kept, all, sight.documents, sight.hash).map((what) =>
              ofDocument(base, what, placeName(target)),
            ),
            ...accountDrift(base, sight.documents.stackSets?.sets ?? []),
          ]
    case 'hooks':
      return sight.hooks === null || sight.hooks.bucket === null
        ? []
        : [
            ...hookDrift(kept, sight.hooks, sight.hash).map((what) => ofHook(base, what, placeName(target))),
            ...accountDrift(base, sight.hooks.hooks),
          ]
    default:
      return []
  }
}

const ofHook = (base: Base, what: StackSetDrift, at: string): ControlDrift =>
  what === 'deleted'
    ? gone(base, HOOK)
    : {
        ...base,
        what,
        words:
          what === 'changed'
            ? {
                ja: `CloudFormation フック \`${base.name}\` の内容が変えられています`,
                en: `The CloudFormation hook \`${base.name}\` is not as it was applied`,
              }
            : {
                ja: `CloudFormation フック \`${base.name}\` が ${at} から外されています`,
                en: `The CloudFormation hook \`${base.name}\` was taken off ${at}`,
              },
      }

const PACK: Bilingual = { ja: '適合パック', en: 'conformance pack' }
const DOCUMENT: Bilingual = { ja: 'SSM ドキュメント', en: 'SSM document' }
const HOOK: Bilingual = {
  ja: 'CloudFormation フックのスタックセット',
  en: 'stack set of the CloudFormation hook',
}
const HUB_POLICY: Bilingual = { ja: 'Security Hub の設定ポリシー', en: 'Security Hub policy' }

const gone = (base: Base, what: Bilingual): ControlDrift => ({
  ...base,
  what: 'deleted',
  words: {
    ja: `${what.ja} \`${base.name}\` がなくなっています`,
    en: `The ${what.en} \`${base.name}\` is gone`,
  },
})

const ofDocument = (base: Base, what: StackSetDrift, at: string): ControlDrift =>
  what === 'deleted'
    ? gone(base, DOCUMENT)
    : {
        ...base,
        what,
        words:
          what === 'changed'
            ? {
                ja: `SSM ドキュメント \`${base.name}\` の内容が変えられています`,
                en: `The SSM document \`${base.name}\` says something else than was applied`,
              }
            : {
                ja: `SSM ドキュメント \`${base.name}\` が ${at} から取り除かれています`,
                en: `The SSM documents \`${base.name}\` were taken off ${at}`,
              },
      }

const changedPack = (base: Base, at: string): ControlDrift => ({
  ...base,
  what: 'changed',
  words: {
    ja: `適合パック \`${base.name}\` が、適用のあと ${at} に Rankan 以外から変えられています(AWS は内容を返さないため、何が変わったかは示せません)`,
    en: `The conformance pack \`${base.name}\` was changed at ${at}, after it was applied and not by Rankan; AWS does not give its contents back, so what it says now is not known`,
  },
})

function towerDrift(
  base: Base,
  { name, ref, target }: KeptCarrier,
  { tower }: DriftSight,
  at: string,
): readonly ControlDrift[] {
  if (tower === null) return []
  const found = tower.enabled.find((one) => one.control === ref && one.target === target)
  if (found === undefined)
    return [
      {
        ...base,
        what: 'disabled',
        words: {
          ja: `統制 \`${name}\` が ${at} で無効になっています`,
          en: `The control \`${name}\` is off on ${at}`,
        },
      },
    ]
  const changed: ControlDrift = {
    ...base,
    what: 'changed',
    words: {
      ja: `統制 \`${name}\` のパラメータが ${at} で変えられています`,
      en: `The control \`${name}\` has other parameters on ${at} than were applied`,
    },
  }
  if (!hasParameters(found, name)) return [changed]
  if (found.drift !== 'DRIFTED') return []
  return [
    {
      ...base,
      what: 'drifted',
      words: {
        ja: `統制 \`${name}\` が ${at} でドリフトしています`,
        en: `Control Tower says that \`${name}\` has drifted on ${at}`,
      },
    },
  ]
}

function securityHubDrift(
  base: Base,
  { name, target }: KeptCarrier,
  { securityHub, hash }: DriftSight,
  at: string,
): readonly ControlDrift[] {
  if (securityHub === null) return []
  const found = securityHub.policies.find((one) => one.name === name)
  if (found === undefined) return [gone(base, HUB_POLICY)]
  const changed: ControlDrift = {
    ...base,
    what: 'changed',
    words: {
      ja: `Security Hub の設定ポリシー \`${name}\` の内容が変えられています`,
      en: `The Security Hub policy \`${name}\` says something else than was applied`,
    },
  }
  const detached: ControlDrift = {
    ...base,
    what: 'detached',
    words: {
      ja: `Security Hub の設定ポリシー \`${name}\` が ${at} から外されています`,
      en: `The Security Hub policy \`${name}\` does not rule ${at} any more`,
    },
  }
  return [
    ...(isAsNamed(found, hash) ? [] : [changed]),
    ...(found.targets.some(({ id }) => id === target) ? [] : [detached]),
  ]
}
