/** What the stacks of a stack set make in an account, of the kinds that Rankan puts there. */
import type { World } from '../../core/contract.ts'
import { documentOfStack, removeDocumentsOfStack } from '../ssm/stacks.ts'
import { hookOfStack, removeHookOfStack } from './hooks.ts'

interface Place {
  readonly accountId: string
  readonly region: string
}

interface Resource {
  readonly Type?: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

/** The stack of that set in the account says what the template says; null: it goes. */
export function takeStack(world: World, place: Place, set: string, template: string | null): void {
  removeHookOfStack(world, place, set)
  const { Resources = {} } = JSON.parse(template ?? '{}') as { Resources?: Record<string, Resource> }
  const documents = Object.values(Resources).filter(({ Type }) => Type === 'AWS::SSM::Document')
  removeDocumentsOfStack(world, place, set, new Set(documents.map((one) => String(one.Properties?.Name))))
  for (const { Properties = {} } of documents) documentOfStack(world, place, set, Properties)
  for (const { Type, Properties = {} } of Object.values(Resources))
    if (Type === 'AWS::CloudFormation::GuardHook') hookOfStack(world, place, set, Properties)
}
