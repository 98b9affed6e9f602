import { compileGlob, patternCodes } from '../compile/glob.ts'
import { placeOfPattern, type Statement } from '../policies.ts'
import { RCP_SERVICES, RCP_SERVICES_AS_OF } from '../rules/rules.ts'
import type { Report } from './report.ts'

/**
 * What only RCPs ask for: Deny (the one Allow is AWS's own RCPFullAWSAccess), and actions of services that support RCPs.
 * Source: Organizations User Guide, "RCP syntax" and "List of AWS services that support RCPs".
 */
export function checkRcp(statement: Omit<Statement, 'principal'>, report: Report): void {
  if (isFullAccess(statement)) return
  if (statement.effect === 'Allow')
    report.error(
      statement.place,
      'rcp_allow',
      'An RCP cannot allow: `Allow` stands only in `RCPFullAWSAccess`, which AWS attaches itself.',
      'Turn it round: deny what is outside, with a condition.',
    )
  for (const pattern of statement.action.patterns) checkAction(pattern, statement, report)
}

const isFullAccess = ({ effect, action, resource, conditions }: Omit<Statement, 'principal'>) =>
  effect === 'Allow' &&
  conditions.length === 0 &&
  !action.negated &&
  action.patterns.every((pattern) => pattern === '*') &&
  resource?.patterns.every((pattern) => pattern === '*') === true

function checkAction(pattern: string, { action }: Omit<Statement, 'principal'>, report: Report): void {
  if (pattern === '*') {
    report.error(
      placeOfPattern(action, pattern),
      'rcp_all_actions',
      'An RCP cannot deny `*`.',
      'Name the services: `s3:*`, `sts:*`.',
    )
    return
  }
  const service = pattern.slice(0, pattern.indexOf(':')).toLowerCase()
  if (service === '' || [...RCP_SERVICES].some(compileGlob(patternCodes(service)))) return
  report.warn(
    placeOfPattern(action, pattern),
    'rcp_unsupported_service',
    `RCPs have no effect on \`${service}\` (list of ${RCP_SERVICES_AS_OF}).`,
    'Protect it with the resource policy, or with an SCP on your own principals.',
  )
}
