import type { ImportPreview } from '@rankan/server/src/catalog/imports/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Notice } from '../../../../components/Notice.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { controlsQuery } from '../../api.ts'
import { texts } from '../i18n/texts.ts'

/** As many as a person reads; the rest is counted. */
const SHOWN = 100

type Compared = Pick<ImportPreview, 'added' | 'removed' | 'changed'>

/** More, less and other than before. */
export function Changes({ added, removed, changed }: Compared) {
  const t = useTexts(texts)
  if (added.length + removed.length + changed.length === 0) return <p>{t.same}</p>
  return (
    <div className="flex flex-col gap-2">
      <Group title={t.added(added.length)} items={added} row={(one) => <Named {...one} />} />
      <Group title={t.removed(removed.length)} items={removed} row={(one) => <Named {...one} />} />
      <Group
        title={t.changed(changed.length)}
        items={changed}
        row={({ members, ...one }) => (
          <>
            <Named {...one} /> <span className="text-solid-gray-700">({members.join(', ')})</span>
          </>
        )}
      />
    </div>
  )
}

function Named({ id, title }: { readonly id: string; readonly title: string }) {
  return (
    <>
      <code className="font-mono break-all">{id}</code> {title}
    </>
  )
}

interface GroupProps<T> {
  readonly title: string
  readonly items: readonly T[]
  readonly row: (item: T) => ReactNode
}

function Group<T extends { readonly id: string }>({ title, items, row }: GroupProps<T>) {
  const t = useTexts(texts)
  if (items.length === 0) return null
  return (
    <details className="rounded-12 border border-solid-gray-420 bg-white p-3">
      <summary className="cursor-pointer font-700">{title}</summary>
      <ul className="mt-2 list-disc pl-6">
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.id}>{row(item)}</li>
        ))}
      </ul>
      {items.length > SHOWN ? <p>{t.more(items.length - SHOWN)}</p> : null}
    </details>
  )
}

/** What only the import has, what only our library has, and what both have. */
export function AgainstLibrary({ library }: { readonly library: ImportPreview['library'] }) {
  const t = useTexts(texts)
  if (library === null) return null
  const plain = (id: string) => ({ id })
  return (
    <section aria-label={t.library} className="flex flex-col gap-2">
      <h3 className="text-std-17B-170">{t.library}</h3>
      <Group
        title={t.both(library.both.length)}
        items={library.both}
        row={({ id, ours }) => (
          <>
            <code className="font-mono break-all">{id}</code>: <Ours ids={ours} />
          </>
        )}
      />
      <Group
        title={t.onlyThere(library.onlyThere.length)}
        items={library.onlyThere.map(plain)}
        row={({ id }) => <code className="font-mono break-all">{id}</code>}
      />
      <Group
        title={t.onlyOurs(library.onlyOurs.length)}
        items={library.onlyOurs.map(plain)}
        row={({ id }) => <Ours ids={[id]} />}
      />
    </section>
  )
}

function Ours({ ids }: { readonly ids: readonly string[] }) {
  const pick = usePick()
  const query = useQuery(controlsQuery({}))
  return ids.map((id, i) => {
    const row = query.data?.find((one) => one.id === id)
    return (
      <span key={id}>
        {i === 0 ? null : ', '}
        <Link to="/controls/$controlId" params={{ controlId: id }}>
          {row === undefined ? id : pick(row.title)}
        </Link>
      </span>
    )
  })
}

export function Notes({ notes }: { readonly notes: readonly string[] }) {
  const t = useTexts(texts)
  if (notes.length === 0) return null
  return (
    <Notice kind="warning" title={t.notes}>
      <ul className="list-disc pl-6">
        {notes.slice(0, SHOWN).map((note) => (
          <li key={note} className="break-words">
            {note}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
