import { expect, it } from 'vitest'
import { readDocument } from '../../guard/document/document.ts'
import { compileRules } from '../../guard/guard.ts'
import { cloudFormationDocument } from '../../templates/cloudformation/template.ts'
import { terraformDocument } from '../../templates/terraform/plan.ts'
import { library } from './testing.ts'

type Form = 'cfn-guard' | 'terraform-guard'

interface Resources {
  readonly Resources?: Readonly<Record<string, { readonly Type?: string; readonly Properties?: object }>>
  readonly resource_changes?: readonly { readonly type?: string }[]
}

const planned = (type: string) => ({
  address: `${type}.bystander`,
  mode: 'managed',
  type,
  name: 'bystander',
  change: { actions: ['create'], before: null, after: {}, after_unknown: {} },
})

/** The template or plan with one more resource of each of its types, which has no properties. */
function withBystanders({ Resources, resource_changes, ...rest }: Resources): readonly Resources[] {
  const types = Resources
    ? Object.values(Resources).map(({ Type }) => Type)
    : (resource_changes ?? []).map(({ type }) => type)
  return [...new Set(types)].flatMap((type): readonly Resources[] => {
    if (type === undefined) return []
    return Resources
      ? [{ ...rest, Resources: { ...Resources, Bystander: { Type: type, Properties: {} } } }]
      : [{ ...rest, resource_changes: [...(resource_changes ?? []), planned(type)] }]
  })
}

function failing(form: Form, text: string, value: Resources): readonly string[] {
  const source = readDocument(JSON.stringify(value))
  const document = form === 'cfn-guard' ? cloudFormationDocument(source) : terraformDocument(source)
  const verdicts = compileRules(text)?.evaluate(document) ?? []
  return verdicts.filter(({ verdict }) => verdict === 'FAIL').map(({ rule }) => rule)
}

// `%found !empty` fails as soon as one place of the query is missing; `let found = some …` leaves such places out.
it('a resource without properties hides no failure of the others', () => {
  const hidden = library.flatMap(({ record, documents, cases }) =>
    cases.flatMap((one) => {
      if ((one.form !== 'cfn-guard' && one.form !== 'terraform-guard') || one.expect !== 'FAIL') return []
      const { form } = one
      const file = record.forms.proactive?.find(({ kind }) => kind === form)?.file ?? ''
      const value = (one.form === 'cfn-guard' ? one.template : one.plan) as Resources
      const text = String(documents[file])
      const before = failing(form, text, value)
      return withBystanders(value).flatMap((more) => {
        const after = failing(form, text, more)
        return before.filter((rule) => !after.includes(rule)).map((rule) => `${record.id} ${form} ${rule}`)
      })
    }),
  )
  expect([...new Set(hidden)]).toEqual([])
})
