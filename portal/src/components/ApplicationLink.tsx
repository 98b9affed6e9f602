import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** To the page of an application, from domains that do not know the routes of that domain. */
export function ApplicationLink({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const to: string = `/applications/${encodeURIComponent(id)}`
  return <Link to={to}>{children}</Link>
}
