import type { KeptCarrier, KeptPolicy } from '../../domain/controls/kept.ts'
import type { ControlDrift } from '../../domain/controls/plans.ts'
import type { DocumentSight, PackSight, SeenPolicy, TowerSight } from '../../domain/controls/world.ts'
import type { Bilingual } from '../../kernel/text.ts'
import type { Kept } from './input.ts'
import { isOurs, sameText } from './policy-steps.ts'

type Seen = Pick<SeenPolicy, 'kind' | 'name' | 'awsManaged' | 'document' | 'targets'>

export interface DriftSight {
  readonly policies: readonly Seen[]
  /** null: not read, so nothing is said of it. */
  readonly tower: TowerSight | null
  readonly packs: PackSight | null
  readonly documents: DocumentSight | null
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
    ...kept.carriers.flatMap((one) => carrierDrift(one, sight, placeName)),
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

function carrierDrift(
  { part, name, ref, target, controls }: KeptCarrier,
  { tower, packs, documents }: DriftSight,
  placeName: (id: string) => string,
): readonly ControlDrift[] {
  const base = { part, name, target, controls, proposal: AGAIN }
  if (part === 'tower' && tower !== null) {
    const found = tower.enabled.find((one) => one.control === ref && one.target === target)
    const at = placeName(target)
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
    if (found.drift === 'DRIFTED')
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
  if (part === 'documents' && documents !== null && !documents.documents.some((one) => one.name === name))
    return [
      {
        ...base,
        what: 'deleted',
        words: {
          ja: `SSM ドキュメント \`${name}\` がなくなっています`,
          en: `The SSM document \`${name}\` is gone`,
        },
      },
    ]
  if (part === 'packs' && packs !== null && !packs.packs.some((one) => one.name === name))
    return [
      {
        ...base,
        what: 'deleted',
        words: {
          ja: `適合パック \`${name}\` がなくなっています`,
          en: `The conformance pack \`${name}\` is gone`,
        },
      },
    ]
  return []
}
