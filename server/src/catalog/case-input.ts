import type { ControlCase } from './record.ts'

/** The part of a case that is put to the engine: what one changes to try something else. */
export function inputOf(one: ControlCase): unknown {
  switch (one.form) {
    case 'scp':
    case 'rcp':
      return one.request
    case 'cfn-guard':
      return one.template
    case 'terraform-guard':
      return one.plan
    case 'config-guard-rule':
      return one.item
    case 'ssm-automation':
      return { parameters: one.parameters, replies: one.replies ?? [] }
    default:
      return one.child ?? {}
  }
}

/** The case with another input; unchecked, so parse it with `controlCase`. */
export function withInput(one: ControlCase, input: unknown): unknown {
  switch (one.form) {
    case 'scp':
    case 'rcp':
      return { ...one, request: input }
    case 'cfn-guard':
      return { ...one, template: input }
    case 'terraform-guard':
      return { ...one, plan: input }
    case 'config-guard-rule':
      return { ...one, item: input }
    case 'ssm-automation':
      return typeof input === 'object' && input !== null ? { ...one, ...input } : input
    default:
      return { ...one, child: input }
  }
}
