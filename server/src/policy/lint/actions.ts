import { compileGlob, patternCodes } from '../compile/glob.ts'
import type { Facts, ServiceFacts } from '../facts.ts'
import { didYouMean } from '../parse/nearest.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import { type Policy, placeOfPattern, type Statement } from '../policies.ts'
import { warning } from './warn.ts'

/** A list with more is not slips of the pen, and each search compares with thousands of names. */
const MOST_SUGGESTIONS = 20

/** Services and actions that AWS does not know: such a pattern matches nothing. */
export function lintActions(policy: Policy, facts: Facts): readonly PolicyProblem[] {
  const found: PolicyProblem[] = []
  for (const statement of policy.statements)
    for (const pattern of statement.action.patterns) {
      const problem = lintPattern(pattern, statement, facts, found.length < MOST_SUGGESTIONS)
      if (problem !== null) found.push(problem)
    }
  return found
}

function lintPattern(
  pattern: string,
  { action }: Statement,
  facts: Facts,
  suggest: boolean,
): PolicyProblem | null {
  if (pattern === '*') return null
  const [prefix = '', name = ''] = pattern.toLowerCase().split(':')
  const services = servicesOf(prefix, facts)
  if (services.length === 0)
    return warning(
      placeOfPattern(action, pattern),
      'unknown_service',
      `\`${prefix}\` is no service of AWS (list of ${facts.asOf}).`,
      didYouMean(
        prefix,
        suggest ? facts.services.keys() : [],
        'Look the prefix up in the Service Authorization Reference.',
      ),
    )
  if (services.some((service) => hasAction(service, name))) return null
  const names = (suggest ? services : []).flatMap((service) =>
    [...service.actions.values()].map((one) => `${service.service}:${one.name}`),
  )
  return warning(
    placeOfPattern(action, pattern),
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
