/** What the stacks of a stack set make in an account, of the kinds that Rankan puts there. */
import type { World } from '../../core/contract.ts'
import { documentOfStack, isDocumentOfStack, removeDocumentsOfStack } from '../ssm/stacks.ts'
import { hookOfStack, isHookOfStack, removeHookOfStack } from './hooks.ts'

interface Place {
  readonly accountId: string
  readonly region: string
}

interface Resource {
  readonly Type?: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

const resourcesOf = (template: string): readonly Resource[] =>
  Object.values((JSON.parse(template) as { Resources?: Record<string, Resource> }).Resources ?? {})

/** The stack of that set in the account says what the template says; null: it goes. */
export function takeStack(world: World, place: Place, set: string, template: string | null): void {
  removeHookOfStack(world, place, set)
  const resources = resourcesOf(template ?? '{}')
  const documents = resources.filter(({ Type }) => Type === 'AWS::SSM::Document')
  removeDocumentsOfStack(world, place, set, new Set(documents.map((one) => String(one.Properties?.Name))))
  for (const { Properties = {} } of documents) documentOfStack(world, place, set, Properties)
  for (const { Type, Properties = {} } of resources)
    if (Type === 'AWS::CloudFormation::GuardHook') hookOfStack(world, place, set, Properties)
}

/** Whether what the stack made is in the account as the template says: what a detection of drift looks at. */
export const isAsTemplate = (world: World, place: Place, set: string, template: string): boolean =>
  resourcesOf(template).every(({ Type, Properties = {} }) => {
    if (Type === 'AWS::SSM::Document') return isDocumentOfStack(world, place, set, Properties)
    return Type !== 'AWS::CloudFormation::GuardHook' || isHookOfStack(world, place, set, Properties)
  })
