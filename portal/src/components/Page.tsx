import { type ReactNode, useEffect } from 'react'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'

/** A page: its title (also of the window), what one may do, and the content. Every page has exactly one. */
export function Page(props: {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  const t = useTexts(common)
  const { title } = props
  useEffect(() => {
    document.title = `${title} | ${t.product}`
  }, [title, t.product])
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-std-28B-150 sm:text-std-32B-150">{title}</h1>
          {props.lead === undefined ? null : <p className="mt-1 text-solid-gray-700">{props.lead}</p>}
        </div>
        {props.actions === undefined ? null : <div className="flex flex-wrap gap-3">{props.actions}</div>}
      </div>
      {props.children}
    </div>
  )
}

export function Section(props: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h2 className="text-std-20B-150">{props.title}</h2>
        {props.actions}
      </div>
      {props.children}
    </section>
  )
}

export function Card({ children }: { readonly children: ReactNode }) {
  return <div className="rounded-12 border border-solid-gray-420 bg-white p-5">{children}</div>
}
