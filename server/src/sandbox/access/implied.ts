/**
 * What AWS asks beside the action of a call: passing a role to a service, tags at creation, tags of a session. By the
 * same dated table that reads CloudTrail, so that a replay predicts what is denied here.
 */
import { readFileSync } from 'node:fs'
import type { Json } from '../../kernel/json.ts'
import { impliedChecks } from '../../policy/trail/implied.ts'
import type { ImpliedFile } from '../../policy/trail/tables.ts'
import type { Call, ServiceDefinition } from '../core/contract.ts'
import type { ServiceModel } from '../core/model.ts'
import { parametersOf } from '../trail/elements.ts'
import type { Check } from './checks.ts'

/** A check with the condition keys that it brings along, in lower case. */
export interface ImpliedCheck extends Check {
  readonly keys: ReadonlyMap<string, readonly string[]>
}

let table: ImpliedFile | null = null

// As far up from a build in `dist` as from the sources.
const FILE = new URL('../../../data/cloudtrail/implied.json', import.meta.url)

function implied(): ImpliedFile {
  table ??= JSON.parse(readFileSync(FILE, 'utf8')) as ImpliedFile
  return table
}

/** Most services have no rule at all, and writing down an input takes time. */
const hasRules = ({ passRole, tagsOnCreate }: ImpliedFile, prefix: string): boolean =>
  prefix === 'sts' || Object.hasOwn(passRole, prefix) || Object.hasOwn(tagsOnCreate, prefix)

/** `direct` are the checks of the call's own action. */
export function impliedOf(
  service: ServiceDefinition,
  model: ServiceModel,
  call: Call,
  direct: readonly Check[],
): readonly ImpliedCheck[] {
  const [file, prefix] = [implied(), service.iamPrefix]
  if (!hasRules(file, prefix)) return []
  const written = parametersOf(model, model.operations[call.operation]?.input, call.input)
  const found = impliedChecks(file, {
    prefix,
    event: call.operation,
    place: { partition: 'aws', region: call.region, account: call.caller.accountId },
    parameters: written as { readonly [name: string]: Json },
    direct: direct.map(({ action, resource, owner }) => ({
      action,
      kind: 'direct',
      resource,
      account: owner,
      assumed: null,
      keys: {},
      type: null,
    })),
  })
  return found.map(({ action, resource, account, keys }) => ({
    action,
    resource: resource ?? '*',
    owner: account ?? call.caller.accountId,
    keys: new Map(Object.entries(keys).flatMap(([key, values]) => (values === null ? [] : [[key, values]]))),
  }))
}
