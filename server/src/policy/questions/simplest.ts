import type { Facts } from '../facts.ts'
import type { Request } from '../request.ts'

/** Real actions that are tried in the place of an invented one; S3 and EC2 have some hundreds. */
const MAX_TRIES = 800

/** Whether a request is still a witness. */
type Separates = (request: Request) => boolean

/** Keys that are tried; nobody reads a witness of more. */
const MAX_KEYS = 300

/** The witness without the keys that change nothing. */
export function withoutKeys(witness: Request, separates: Separates): Request {
  let best = witness
  for (const key of [...witness.context.keys()].slice(0, MAX_KEYS)) {
    const context = new Map([...best.context].filter(([other]) => other !== key))
    if (separates({ ...best, context })) best = { ...best, context }
  }
  return best
}

/** With an action that AWS has where one does as well: the search takes the shortest text that fits, which is seldom a name. */
export function withRealAction(witness: Request, facts: Facts | undefined, separates: Separates): Request {
  const [service = '', name = ''] = witness.action.toLowerCase().split(':')
  const actions = facts?.service(service)?.actions
  if (actions === undefined || actions.has(name)) return witness
  const real = [...actions.values()]
    .map((action) => ({ ...witness, action: `${service}:${action.name}` }))
    .slice(0, MAX_TRIES)
  return real.find(separates) ?? witness
}
