import { documentOf, type GuardDocument, readDocument } from '../../guard/document/document.ts'
import {
  type GuardMap,
  type GuardValue,
  holdsUnknown,
  isList,
  isMap,
  memberOf,
  Unknown,
} from '../../guard/document/value.ts'
import { RankanError } from '../../kernel/errors.ts'
import { cloudFormationDocument } from '../../templates/cloudformation/template.ts'
import type { Input } from '../inputs.ts'
import { type HookEvent, type HookPayload, hookPayload } from './contract.ts'

/** What a hook is asked about; null: something goes away, and there is nothing to check. */
export function hookInput(event: HookEvent, payload: string | null): Input | null {
  if (event.actionInvocationPoint === 'DELETE_PRE_PROVISION') return null
  const { targetType, targetName } = event.requestData
  const named = (file: string, document: Input['document'] | null): Input | null =>
    document === null ? null : { file, stack: event.stackId ?? null, kind: 'cloudformation', document }
  if (targetType !== 'STACK' && targetType !== 'CHANGE_SET') return named(targetName, resourceDocument(event))
  return named(event.requestData.targetLogicalId, templateDocument(event, payloadOf(payload)))
}

/** The values that a hook knows of where the stack is. */
function givenBy({ awsAccountId, stackId }: HookEvent): Readonly<Record<string, GuardValue>> {
  const [, partition, , region, , stack] = (stackId ?? '').split(':')
  return {
    'AWS::AccountId': awsAccountId,
    ...(partition && { 'AWS::Partition': partition }),
    ...(region && { 'AWS::Region': region }),
    ...(stack && { 'AWS::StackName': stack.split('/')[1] ?? stack }),
    ...(stackId && { 'AWS::StackId': stackId }),
  }
}

/**
 * One resource as our rules and those of a Guard hook see it. Source of `HookContext`, `ResourceType`,
 * `ResourceProperties` and `Previous`: CloudFormation Hooks User Guide, «Write Guard rules to evaluate resources for Guard
 * Hooks» (guard-hooks-write-rules.html, asOf 2026-11-22).
 */
function resourceDocument(event: HookEvent): Input['document'] | null {
  const { targetName, targetLogicalId, targetModel } = event.requestData
  const properties = targetModel?.resourceProperties
  const before = targetModel?.previousResourceProperties
  if (properties === null || properties === undefined) return null
  const shown = (values: GuardMap): GuardMap => ({
    Type: targetName,
    Properties: values,
    ResourceType: targetName,
    ResourceProperties: values,
  })
  const document: GuardMap = {
    HookContext: contextOf(event),
    Resources: { [targetLogicalId]: shown(properties as GuardMap) },
    ...(before && { Previous: { [targetLogicalId]: shown(before as GuardMap) } }),
  }
  return cloudFormationDocument(documentOf(document), givenBy(event))
}

const contextOf = (event: HookEvent): GuardMap => ({
  AWSAccountID: event.awsAccountId,
  StackId: event.stackId ?? null,
  HookTypeName: event.hookTypeName,
  HookTypeVersion: event.hookTypeVersion ?? null,
  InvocationPoint: event.actionInvocationPoint ?? null,
  TargetName: event.requestData.targetName,
  TargetType: 'RESOURCE',
  TargetLogicalId: event.requestData.targetLogicalId,
  ChangeSetId: event.changeSetId ?? null,
})

function payloadOf(text: string | null): HookPayload {
  const parsed = text === null ? null : hookPayload.safeParse(jsonOf(text))
  if (parsed?.success === true) return parsed.data
  throw new RankanError(
    'invalid',
    'bad_payload',
    'The payload of the hook could not be read: it must be JSON with `template`.',
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function templateDocument(event: HookEvent, payload: HookPayload): Input['document'] | null {
  if (payload.template === null || payload.template === undefined || payload.template === '') return null
  const source = readDocument(payload.template)
  const given = givenBy(event)
  const first = cloudFormationDocument(source, given)
  const known = new Map(
    (payload.changedResources ?? []).flatMap((one) => {
      const properties = propertiesAfter(one.afterContext ?? null)
      return properties === null ? [] : [[one.logicalResourceId, properties] as const]
    }),
  )
  return known.size === 0 ? first : cloudFormationDocument(filledIn(source, first.value, known), given)
}

/** What a change set knows better than the template: parameters are given, so fewer values are open. */
function filledIn(
  source: GuardDocument,
  resolved: GuardValue,
  known: ReadonlyMap<string, GuardValue>,
): GuardDocument {
  const template = source.value as GuardMap
  const written = memberOf(template, 'Resources') as GuardMap
  const made = memberOf(resolved as GuardMap, 'Resources') as GuardMap
  const resources = Object.entries(written).map(([name, resource]): readonly [string, GuardValue] => {
    const properties = known.get(name)
    const open = holdsUnknown(memberOf(made, name) ?? null)
    return [
      name,
      properties !== undefined && open && isMap(resource)
        ? { ...resource, Properties: properties }
        : resource,
    ]
  })
  return { value: { ...template, Resources: Object.fromEntries(resources) }, locate: source.locate }
}

const LATER = '{{changeSet:KNOWN_AFTER_APPLY}}'

function propertiesAfter(text: string | null): GuardValue | null {
  const parsed = text === null ? null : jsonOf(text)
  if (typeof parsed !== 'object' || parsed === null) return null
  const context = parsed as GuardMap
  return withUnknowns(memberOf(context, 'Properties') ?? context)
}

function withUnknowns(value: GuardValue): GuardValue {
  if (typeof value === 'string')
    return value.includes(LATER)
      ? new Unknown({ reason: 'known after the change set is executed', text: true })
      : value
  if (isList(value)) return value.map(withUnknowns)
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withUnknowns(inner)]))
}
