import type { Decision, Layer } from '@rankan/server/src/policy/decision.ts'

const isCentre = ({ kind }: Layer) => kind === 'scp' || kind === 'rcp'

/** What SCPs and RCPs alone say: a resource policy that was not told must not make the centre's answer open. */
export function centreOnly(decision: Decision): Decision {
  const layers = decision.layers.filter(isCentre)
  const bound = layers.filter(({ exempt }) => exempt === null)
  const denying = bound.filter(({ verdict }) => verdict === 'denied')
  const open = bound.filter(({ verdict }) => verdict === 'unknown')
  const verdict = denying.length > 0 ? 'denied' : open.length > 0 ? 'unknown' : 'allowed'
  const by = [...new Set((denying.length > 0 ? denying : open).map(({ kind }) => kind))]
  return {
    ...decision,
    verdict,
    why: verdict === 'denied' ? whyDenied(denying) : verdict,
    by,
    layers,
    deciding: denying.flatMap(({ statements }) =>
      statements.filter(({ effect, matches }) => effect === 'Deny' && matches === 'yes'),
    ),
    missing: verdict === 'unknown' ? decision.missing.filter(({ what }) => what !== 'policies') : [],
  }
}

const whyDenied = (denying: readonly Layer[]) =>
  denying.some(({ explicitDeny }) => explicitDeny === 'yes') ? 'explicit_deny' : 'implicit_deny'
