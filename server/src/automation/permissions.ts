import data from './actions.json' with { type: 'json' }
import { type AutomationDocument, isCallStep } from './document.ts'

const PREFIXES: ReadonlyMap<string, string> = new Map(Object.entries(data.prefixes))
const APIS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(data.apis))

/** `PutBucketVersioning`, however the document writes it (`put_bucket_versioning` is the other way). */
export const apiName = (api: string): string =>
  /^[a-z]/.test(api)
    ? api
        .split('_')
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join('')
    : api

/** The IAM actions that one call of an API needs. */
export function actionsOfCall(service: string, api: string): readonly string[] {
  const name = apiName(api)
  return APIS.get(`${service}:${name}`) ?? [`${PREFIXES.get(service) ?? service}:${name}`]
}

/** The IAM actions that the steps of the document need, sorted. */
export function actionsOf(document: AutomationDocument): readonly string[] {
  const calls = document.mainSteps
    .filter(isCallStep)
    .flatMap(({ inputs }) => actionsOfCall(inputs.Service, inputs.Api))
  return [...new Set(calls)].sort()
}
