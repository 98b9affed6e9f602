import type { ReactNode } from 'react'

/** Nothing is here: says why, and what to do next. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <div className="rounded-12 border border-dashed border-solid-gray-420 p-6 text-center">
      <p className="text-std-17B-170">{title}</p>
      {children === undefined ? null : (
        <div className="mt-2 flex flex-col items-center gap-3">{children}</div>
      )}
    </div>
  )
}
