import type { Bilingual } from '../../kernel/text.ts'
import type { Values } from '../fill.ts'
import type { OscalProfile } from './model.ts'
import { documentUuid, metadataOf, type Stamp } from './stamp.ts'
import { paramId, valuesOf } from './write-catalog.ts'

/** A choice of controls with values for their parameters. */
export interface Choice {
  readonly id: string
  readonly title: Bilingual
  readonly controls: readonly { readonly id: string; readonly values: Values }[]
}

/** A control set as an OSCAL profile of the catalog at `catalogHref`. Needs at least one control. */
export function profileDocument(choice: Choice, catalogHref: string, stamp: Stamp): OscalProfile {
  const settings = choice.controls.flatMap(({ id, values }) =>
    Object.entries(values)
      .map(([name, value]) => ({ 'param-id': paramId(id, name), values: valuesOf(value) }))
      .filter((one) => one.values.length > 0),
  )
  return {
    profile: {
      uuid: documentUuid('profile', choice.id, stamp),
      metadata: metadataOf(choice.title, stamp),
      imports: [
        { href: catalogHref, 'include-controls': [{ 'with-ids': choice.controls.map(({ id }) => id) }] },
      ],
      merge: { 'as-is': true },
      ...(settings.length > 0 ? { modify: { 'set-parameters': settings } } : {}),
    },
  }
}
