import type { PolicyProblem } from '../parse/problem.ts'
import type { PolicyKind, PolicyLevel } from '../policies.ts'
import { MAX_PER_TARGET } from '../rules/rules.ts'

/** What only shows when all policies of one target are seen together. */
export function lintLevel({ target, policies }: PolicyLevel, kind: 'scp' | 'rcp'): readonly PolicyProblem[] {
  return [...withoutAllow(target, policies, kind), ...tooMany(target, policies, kind)]
}

/**
 * "If a permission is not allowed at any level above the account, it is denied": a level without Allow denies everything to
 * everybody below it. Source: Organizations User Guide, "SCP evaluation".
 */
function withoutAllow(
  target: string,
  policies: PolicyLevel['policies'],
  kind: PolicyKind,
): readonly PolicyProblem[] {
  const allows = policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Allow'))
  if (kind === 'rcp' || allows) return []
  const found = policies.length === 0 ? 'has no SCP' : `has ${policies.length} SCP(s) that only deny`
  return [
    problem(
      'level_without_allow',
      `\`${target}\` ${found}: nobody below it can do anything.`,
      'Keep `FullAWSAccess` attached there, or add an SCP that allows.',
    ),
  ]
}

function tooMany(
  target: string,
  policies: PolicyLevel['policies'],
  kind: 'scp' | 'rcp',
): readonly PolicyProblem[] {
  const most = MAX_PER_TARGET[kind]
  if (most === undefined || policies.length <= most) return []
  return [
    {
      ...problem(
        'too_many_attached',
        `\`${target}\` has ${policies.length} policies of kind ${kind}; AWS takes ${most}${kind === 'rcp' ? ' beside RCPFullAWSAccess' : ''}.`,
        'Join them: `rankan policy pack`.',
      ),
      severity: 'error',
    },
  ]
}

const problem = (code: string, message: string, hint: string): PolicyProblem => ({
  severity: 'warning',
  code,
  message,
  hint,
  path: '$',
  line: 0,
  column: 0,
})
