import { invariant } from '../../kernel/errors.ts'
import { evaluateJson } from '../../policy/exchange/evaluate.ts'
import type { PolicyCase } from '../record.ts'

/** Every identity may do everything, so that the form alone decides. */
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
/** As AWS attaches `RCPFullAWSAccess`: RCPs only take away. */
const EVERYBODY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}

/** What the SCP or RCP alone makes of the request of a case. */
export function policyVerdict(document: unknown, one: PolicyCase): string {
  const answer = policyAnswer(document, one, false)
  if ('verdict' in answer) return String(answer.verdict)
  return `error: ${JSON.stringify('error' in answer ? answer.error : answer)}`
}

/** The same as the policy engine tells it, with `explain` in words. */
export function policyAnswer(document: unknown, { form, request }: PolicyCase, explain: boolean): object {
  const own = { Name: `${form}.json`, Content: document }
  const level = (policies: readonly unknown[]) => [{ target: 'r-root', policies }]
  const policies = {
    identity: EVERYTHING,
    // An outsider and a service need the resource's word as well; the control under test may still take it away.
    resource: EVERYBODY,
    ...(form === 'scp' ? { scps: level([EVERYTHING, own]) } : { rcps: level([EVERYBODY, own]) }),
  }
  const [answer] = evaluateJson([request], policies, { explain })
  invariant(answer, 'The engine answered nothing.')
  return answer
}
