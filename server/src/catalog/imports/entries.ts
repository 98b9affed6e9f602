import type { ControlSetBody } from '../../domain/controls/sets.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { ImportBody, ImportPreview } from './view.ts'

/** One thing of an import, by its id, with what can change of it. */
export interface Entry {
  readonly id: string
  readonly title: string
  readonly members: Readonly<Record<string, unknown>>
}

/** Controls of a library; elements and edges of a framework. */
export function entriesOf(body: ImportBody): readonly Entry[] {
  if ('controls' in body)
    return body.controls.map(({ id, ...members }) => ({ id, title: members.title, members }))
  const { elements } = body.framework
  return [
    ...elements.map(({ id, ...members }) => ({ id, title: members.title?.ja ?? '', members })),
    ...body.edges.map(({ control, edge }) => ({
      id: `${edge.element} ← ${control}`,
      title: '',
      members: { ...edge },
    })),
  ]
}

/** Choices of a control set, with its title and description. */
export const entriesOfSet = ({ controls, title, description }: ControlSetBody): readonly Entry[] => [
  { id: 'title', title: title.ja, members: { title, description } },
  ...controls.map(({ control, forms, values }) => ({ id: control, title: '', members: { forms, values } })),
]

type Difference = Pick<ImportPreview, 'added' | 'removed' | 'changed'>

/** What `after` has more, less and otherwise. Members are compared as canonical JSON: order says nothing. */
export function entriesDifference(before: readonly Entry[], after: readonly Entry[]): Difference {
  const old = new Map(before.map((one) => [one.id, one]))
  const now = new Set(after.map(({ id }) => id))
  const named = ({ id, title }: Entry) => ({ id, title })
  return {
    added: after.filter(({ id }) => !old.has(id)).map(named),
    removed: before.filter(({ id }) => !now.has(id)).map(named),
    changed: after.flatMap((one) => {
      const was = old.get(one.id)
      const members = was === undefined ? [] : changedMembers(was, one)
      return members.length === 0 ? [] : [{ ...named(one), members }]
    }),
  }
}

const changedMembers = (was: Entry, now: Entry): string[] =>
  [...new Set([...Object.keys(was.members), ...Object.keys(now.members)])].filter(
    (name) => textOf(was.members[name]) !== textOf(now.members[name]),
  )

const textOf = (value: unknown): string => (value === undefined ? '' : canonicalJson(value))
