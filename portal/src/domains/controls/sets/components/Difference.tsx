import type { ControlSetView } from '@rankan/server/domain/controls/sets.ts'
import { entriesDifference, entriesOfSet } from '@rankan/server/src/catalog/imports/entries.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Select } from '../../../../components/Select.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { controlsQuery } from '../../api.ts'
import { setVersionQuery } from '../../plans/api.ts'
import { wordOf } from '../../words.ts'
import { texts } from '../i18n/texts.ts'

/** What a version has more, less or otherwise than another. */
export function Difference({ set }: { readonly set: ControlSetView }) {
  const t = useTexts(texts)
  const others = Array.from({ length: set.versions }, (_, i) => i + 1).filter((one) => one !== set.version)
  const [chosen, setChosen] = useState<string | null>(null)
  const base = Number(chosen ?? Math.max(0, ...others.filter((one) => one < set.version)))
  if (others.length === 0) return <p>{t.firstVersion}</p>
  return (
    <>
      <Select
        label={t.compareWith}
        value={base === 0 ? null : String(base)}
        onChange={setChosen}
        className="w-48"
        options={others.map((one) => ({ value: String(one), label: t.versionOf(one) }))}
      />
      {base === 0 ? <p>{t.firstVersion}</p> : <Compared base={base} set={set} />}
    </>
  )
}

function Compared({ base, set }: { readonly base: number; readonly set: ControlSetView }) {
  const t = useTexts(texts)
  const query = useQuery(setVersionQuery({ name: set.name, version: base }))
  return (
    <Loaded query={query} lines={2}>
      {(before) => {
        const { added, removed, changed } = entriesDifference(entriesOfSet(before), entriesOfSet(set))
        if (added.length + removed.length + changed.length === 0) return <p>{t.same}</p>
        return (
          <>
            <Names title={t.added} ids={added.map(({ id }) => ({ id, members: [] }))} />
            <Names title={t.removed} ids={removed.map(({ id }) => ({ id, members: [] }))} />
            <Names title={t.changed} ids={changed} />
          </>
        )
      }}
    </Loaded>
  )
}

interface Named {
  readonly id: string
  readonly members: readonly string[]
}

function Names({ title, ids }: { readonly title: string; readonly ids: readonly Named[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  const library = useQuery(controlsQuery({}))
  if (ids.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className="text-std-17B-170">{title}</h3>
      <ul className="list-disc pl-6">
        {ids.map(({ id, members }) => {
          const row = library.data?.find((one) => one.id === id)
          const words = members.map((member) => wordOf(t.memberOf, member)).join(', ')
          return (
            <li key={id}>
              {id === 'title' ? t.texts : row === undefined ? id : pick(row.title)}
              {words === '' ? null : `: ${words}`}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
