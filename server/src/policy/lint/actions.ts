import { compileGlob, patternCodes } from '../compile/glob.ts'
import type { Facts, ServiceFacts } from '../facts.ts'
import { didYouMean } from '../parse/nearest.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { Policy, Statement } from '../policies.ts'
import { warning } from './warn.ts'

/** Services and actions that AWS does not know: such a pattern matches nothing. */
export const lintActions = (policy: Policy, facts: Facts): readonly PolicyProblem[] =>
  policy.statements.flatMap((statement) =>
    statement.action.patterns.flatMap((pattern) => lintPattern(pattern, statement, facts) ?? []),
  )

function lintPattern(pattern: string, { action }: Statement, facts: Facts): PolicyProblem | null {
  if (pattern === '*') return null
  const [prefix = '', name = ''] = pattern.toLowerCase().split(':')
  const services = servicesOf(prefix, facts)
  if (services.length === 0)
    return warning(
      action.place,
      'unknown_service',
      `\`${prefix}\` is no service of AWS (list of ${facts.asOf}).`,
      didYouMean(prefix, facts.services.keys(), 'Look the prefix up in the Service Authorization Reference.'),
    )
  if (services.some((service) => hasAction(service, name))) return null
  const names = services.flatMap((service) =>
    [...service.actions.values()].map((one) => `${service.service}:${one.name}`),
  )
  return warning(
    action.place,
    'unknown_action',
    `\`${pattern}\` matches no action of AWS (list of ${facts.asOf}).`,
    didYouMean(pattern, names, 'It has no effect until AWS adds such an action.'),
  )
}

function servicesOf(prefix: string, facts: Facts): readonly ServiceFacts[] {
  if (!/[*?]/.test(prefix)) return [facts.service(prefix)].filter((service) => service !== undefined)
  const match = compileGlob(patternCodes(prefix))
  return [...facts.services.keys()].filter(match).flatMap((service) => facts.service(service) ?? [])
}

function hasAction(service: ServiceFacts, name: string): boolean {
  if (!/[*?]/.test(name)) return service.actions.has(name)
  const match = compileGlob(patternCodes(name))
  return [...service.actions.keys()].some(match)
}
