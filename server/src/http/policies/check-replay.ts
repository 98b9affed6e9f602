import type { ReplayPolicy, ReplayRequest } from '../../domain/policies/replays.ts'
import type { ReplayWorld } from '../../domain/policies/world.ts'
import { type Issue, invalid } from '../../kernel/errors.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'

/** AWS's own names stand for AWS's own policies in a tree. */
const RESERVED = new Set(['FullAWSAccess', 'p-FullAWSAccess', 'RCPFullAWSAccess', 'p-RCPFullAWSAccess'])

/** Refuses what could not be replayed, with the place of every fault. */
export function checkReplay(
  request: Pick<ReplayRequest, 'policies' | 'against' | 'since' | 'until'>,
  world: ReplayWorld,
): void {
  const { policies, against, since, until } = request
  const issues = [
    ...issuesOf(policies, ['policies'], world),
    ...(against?.what === 'policies' ? issuesOf(against.policies, ['against', 'policies'], world) : []),
  ]
  if (issues.length > 0) throw invalid('bad_policy', `The policies have ${issues.length} fault(s).`, issues)
  if (since !== null && until !== null && since > until)
    throw invalid('bad_period', `The period ends on \`${until}\` before it begins on \`${since}\`.`)
}

function issuesOf(policies: readonly ReplayPolicy[], path: readonly string[], world: ReplayWorld): Issue[] {
  const places = new Set(world.places.map(({ id }) => id))
  return policies.flatMap((policy, index) => [
    ...documentIssues(policy, [...path, index, 'document']),
    ...nameIssues(policy, policies.slice(0, index), [...path, index, 'name']),
    ...policy.targets.flatMap((target, at) =>
      places.has(target)
        ? []
        : [
            {
              path: [...path, index, 'targets', at],
              code: 'unknown_target',
              params: { target },
              message: `\`${target}\` is no root, OU or account of this AWS organisation.`,
            },
          ],
    ),
  ])
}

function documentIssues({ name, kind, document }: ReplayPolicy, path: Issue['path']): Issue[] {
  return parsePolicy(document, kind, { name })
    .problems.filter(({ severity, code }) => severity === 'error' && code !== 'too_long')
    .map((problem) => ({
      path: [...path, problem.path],
      code: problem.code,
      params: { line: problem.line, column: problem.column },
      message: problem.message,
    }))
}

function nameIssues({ name }: ReplayPolicy, before: readonly ReplayPolicy[], path: Issue['path']): Issue[] {
  if (RESERVED.has(name))
    return [{ path, code: 'reserved_name', message: `\`${name}\` is a policy of AWS; choose another name.` }]
  if (before.some((other) => other.name === name))
    return [
      {
        path,
        code: 'same_name',
        message: `Two policies have the name \`${name}\`; a report could not tell them apart.`,
      },
    ]
  return []
}
