import type { OrganisationRow } from '@rankan/server/domain/organisations/view.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { childrenQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { OrganisationLink } from './OrganisationLink.tsx'

/** What belongs to `parent`, each opening what belongs to it: prefecture, city, ward. Loaded when it is opened. */
export function Branch(props: {
  readonly parent: string
  readonly on: string | undefined
  readonly empty?: ReactNode
}) {
  const t = useTexts(texts)
  const query = useInfiniteQuery(childrenQuery(props.parent, props.on))
  if (query.data === undefined)
    return query.error === null ? (
      <Skeleton lines={4} />
    ) : (
      <ErrorView error={query.error} onRetry={() => void query.refetch()} />
    )
  const rows = query.data.pages.flatMap((page) => page.items)
  if (rows.length === 0) return <>{props.empty}</>
  return (
    <>
      <ul className="flex flex-col">
        {rows.map((row) => (
          <Node key={row.id} row={row} on={props.on} />
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button
          look="secondary"
          small
          isPending={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          {t.more}
        </Button>
      ) : null}
    </>
  )
}

function Node({ row, on }: { readonly row: OrganisationRow; readonly on: string | undefined }) {
  const t = useTexts(texts)
  const pick = usePick()
  const [open, setOpen] = useState(false)
  return (
    <li className="border-t border-solid-gray-200 first:border-t-0">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3">
        {row.children === 0 ? (
          <span aria-hidden="true" className="w-9" />
        ) : (
          <button
            type="button"
            aria-expanded={open}
            aria-label={t.open(pick(row.name))}
            className="size-9 cursor-pointer rounded-8 hover:bg-solid-gray-50"
            onClick={() => setOpen(!open)}
          >
            <span aria-hidden="true">{open ? '▾' : '▸'}</span>
          </button>
        )}
        <OrganisationLink organisation={row} on={on} />
        <code className="font-mono text-solid-gray-700">{row.code}</code>
        <span className="text-solid-gray-700">{t.kindOf[row.kind]}</span>
        {row.children === 0 ? null : <span className="text-solid-gray-700">{t.members(row.children)}</span>}
      </div>
      {open ? (
        <div className="pb-2 pl-9">
          <Branch parent={row.id} on={on} />
        </div>
      ) : null}
    </li>
  )
}
