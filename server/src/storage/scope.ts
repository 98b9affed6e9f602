import { type Actor, isCentral } from '../domain/people/roles.ts'
import { literal } from './begin.ts'

/**
 * What row-level security asks for, until the transaction or (`session`) the connection ends. Text, not parameters: it
 * travels in one message with BEGIN. SET costs PostgreSQL a third of a SELECT of set_config.
 */
export function scopeOf(actor: Actor, until: 'local' | 'session' = 'local'): string {
  const scope = isCentral(actor) ? 'all' : 'own'
  const organisations = actor.organisationIds.join(',')
  return `set ${until} rankan.scope to ${literal(scope)}; set ${until} rankan.organisations to ${literal(organisations)};
    set ${until} rankan.person to ${literal(actor.id)}`
}
