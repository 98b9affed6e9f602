import type { ControlChoice, ControlSetBody } from '@rankan/server/domain/controls/sets.ts'
import type { ControlType } from '@rankan/server/src/catalog/types.ts'
import type { ControlRow } from '@rankan/server/src/catalog/view.ts'

/** What a person has typed of a control set. */
export interface Draft {
  readonly name: string
  readonly titleJa: string
  readonly titleEn: string
  readonly descriptionJa: string
  readonly descriptionEn: string
  readonly chosen: readonly DraftChoice[]
}

export interface DraftChoice {
  readonly control: string
  /** null: all that it has. */
  readonly forms: readonly ControlType[] | null
  /** By parameter. */
  readonly values: Readonly<Record<string, Typed>>
}

export interface Typed {
  /** A list has one value on each line. Empty: the default of the control. */
  readonly text: string
  readonly list: boolean
}

export const EMPTY: Draft = {
  name: '',
  titleJa: '',
  titleEn: '',
  descriptionJa: '',
  descriptionEn: '',
  chosen: [],
}

export const draftOf = (name: string, { title, description, controls }: ControlSetBody): Draft => ({
  name,
  titleJa: title.ja,
  titleEn: title.en,
  descriptionJa: description.ja,
  descriptionEn: description.en,
  chosen: controls.map(({ control, forms, values }) => ({
    control,
    forms: forms ?? null,
    values: Object.fromEntries(
      Object.entries(values ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' ? { text: value, list: false } : { text: value.join('\n'), list: true },
      ]),
    ),
  })),
})

/** The body to save. A text that is given in one language only stands for both. */
export function bodyOf(draft: Draft): ControlSetBody {
  const { titleJa, titleEn, descriptionJa, descriptionEn } = draft
  return {
    title: both(titleJa, titleEn),
    description: both(descriptionJa || titleJa, descriptionEn || titleEn),
    controls: draft.chosen.map(choiceOf),
  }
}

const both = (ja: string, en: string) => ({ ja: (ja || en).trim(), en: (en || ja).trim() })

function choiceOf({ control, forms, values }: DraftChoice): ControlChoice {
  const given = Object.entries(values).flatMap(([name, { text, list }]) => {
    const lines = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
    if (lines.length === 0) return []
    return [[name, list ? lines : lines.join(' ')] as const]
  })
  return {
    control,
    ...(forms === null || forms.length === 0 ? {} : { forms: [...forms] }),
    ...(given.length === 0 ? {} : { values: Object.fromEntries(given) }),
  }
}

export const choiceIn = ({ chosen }: Draft, control: string): DraftChoice | undefined =>
  chosen.find((one) => one.control === control)

/** Chosen controls stay in the order in which they were chosen: the order says nothing, and differences stay small. */
export const toggled = (draft: Draft, control: string, on: boolean): Draft => ({
  ...draft,
  chosen: on
    ? [...draft.chosen, { control, forms: null, values: {} }]
    : draft.chosen.filter((one) => one.control !== control),
})

export const changed = (draft: Draft, control: string, part: Partial<DraftChoice>): Draft => ({
  ...draft,
  chosen: draft.chosen.map((one) => (one.control === control ? { ...one, ...part } : one)),
})

/** All forms is the same as none named: what the control gains later comes along. */
export function withForm(
  choice: DraftChoice,
  row: Pick<ControlRow, 'types'>,
  type: ControlType,
  on: boolean,
) {
  const now = choice.forms ?? row.types
  const forms = row.types.filter((one) => (one === type ? on : now.includes(one)))
  return { forms: forms.length === row.types.length ? null : forms }
}

export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

export type DraftFault = 'name' | 'title' | 'controls' | 'forms'

/** What keeps a draft from being saved. */
export const faultsOf = (draft: Draft): readonly DraftFault[] => [
  ...(NAME.test(draft.name) && draft.name.length <= 60 ? [] : (['name'] as const)),
  ...(draft.titleJa.trim() === '' && draft.titleEn.trim() === '' ? (['title'] as const) : []),
  ...(draft.chosen.length === 0 ? (['controls'] as const) : []),
  ...(draft.chosen.some(({ forms }) => forms !== null && forms.length === 0) ? (['forms'] as const) : []),
]
