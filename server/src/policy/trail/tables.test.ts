import { describe, expect, it } from 'vitest'
import { iam, packageSource, tables } from '../../../test/support/trail-tables.ts'
import { namer } from './names.ts'
import { placeholders } from './template.ts'

const source = packageSource()
const targetsOf = (prefix: string, names: readonly string[]) =>
  names.map((name) => (name.includes(':') ? name : `${prefix}:${name}`))
const exists = (action: string) => {
  const [prefix = '', name = ''] = action.split(':')
  return iam.action(prefix, name) !== undefined
}
/** Rules may name every operation that fits a wildcard, but a name without one must be an action of IAM. */
const plainEvents = (rules: Readonly<Record<string, readonly { events: readonly string[] }[]>>) =>
  Object.entries(rules).flatMap(([prefix, list]) =>
    targetsOf(
      prefix,
      list.flatMap((rule) => rule.events).filter((name) => !name.endsWith('*')),
    ),
  )

describe('tables of CloudTrail', () => {
  it('name only actions that exist', () => {
    const { actions, implied } = tables
    const all = [
      ...actions.renames.flatMap(({ prefix, events }) =>
        Object.values(events).flatMap((names) => targetsOf(prefix, names)),
      ),
      ...actions.split.flatMap((rule) => rule.checks.map((check) => check.action)),
      ...actions.chosen.flatMap((rule) => targetsOf(rule.prefix, Object.values(rule.actions))),
      ...Object.values(actions.versionedObject.events).map((name) => `s3:${name}`),
      ...Object.values(actions.paths.events).map(([verb]) => `${actions.paths.prefix}:${verb}`),
      ...Object.values(actions.verbs.byPrefix).map((verb) => `apigateway:${verb}`),
      ...Object.values(implied.tagsOnCreate).flatMap((rules) => rules.map((rule) => rule.action)),
      ...implied.session.map((rule) => rule.action),
    ]
    expect(all.filter((action) => !exists(action))).toEqual([])
  })

  it('name only prefixes that exist', () => {
    const all = [
      ...tables.actions.prefixes.map((rule) => rule.prefix),
      ...tables.actions.alsoTry.flatMap((rule) => rule.then),
      ...Object.keys(tables.resources.placeholders),
      ...Object.keys(tables.keys.services),
    ]
    expect(all.filter((prefix) => !Object.hasOwn(source, prefix))).toEqual([])
  })

  it('name only operations that map to an action in the rules of implied checks', () => {
    const nameOf = namer(tables.actions, iam)
    const all = [...plainEvents(tables.implied.passRole), ...plainEvents(tables.implied.tagsOnCreate)]
    expect(
      all.filter((one) => nameOf(one.split(':')[0] ?? '', one.split(':')[1] ?? '').kind === 'skipped'),
    ).toEqual([])
  })

  it('fill only placeholders that ARN templates of the service have', () => {
    const wrong = Object.entries(tables.resources.placeholders).flatMap(([prefix, names]) => {
      const templates = Object.values(source[prefix]?.arns ?? {}).flat()
      const forms = tables.resources.forms.rules.flatMap((rule) => (rule.prefix === prefix ? rule.arns : []))
      const there = new Set([...templates, ...forms].flatMap(placeholders))
      return Object.keys(names)
        .filter((name) => !there.has(name))
        .map((name) => `${prefix} ${name}`)
    })
    expect(wrong).toEqual([])
  })

  it('give only keys that the service has', () => {
    const wrong = Object.entries(tables.keys.services).flatMap(([prefix, rules]) => {
      const actions = Object.values(source[prefix]?.actions ?? {})
      const taken = actions.flatMap((action) => [
        ...action.keys,
        ...action.types.flatMap((type) => type.keys),
      ])
      const there = new Set(taken.map((key) => key.toLowerCase()))
      return rules.filter((rule) => !there.has(rule.key.toLowerCase())).map((rule) => rule.key)
    })
    expect(wrong).toEqual([])
  })

  it('say where each part comes from and of when it is', () => {
    for (const file of Object.values(tables) as readonly { asOf?: string; source?: string }[])
      expect([file.asOf, file.source]).toEqual([
        expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        expect.any(String),
      ])
  })
})
