import type { EdgeView } from '@rankan/server/src/catalog/view.ts'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** Which elements of which frameworks a control serves, and who says so. */
export function Edges({ edges }: { readonly edges: readonly EdgeView[] }) {
  const t = useTexts(texts)
  const columns = useColumns()
  return (
    <>
      {edges.some(({ disputed }) => disputed === 'relation') ? (
        <Notice kind="warning" title={t.disputed}>
          {t.disputedText}
        </Notice>
      ) : null}
      <DataTable
        label={t.edges}
        rows={edges}
        columns={columns}
        rowKey={(edge) => `${edge.framework} ${edge.element} ${edge.source} ${edge.relation}`}
        tools="export"
      />
    </>
  )
}

function useColumns(): readonly Column<EdgeView>[] {
  const t = useTexts(texts)
  const pick = usePick()
  return useMemo(
    () => [
      { key: 'framework', title: t.framework, width: 14, value: (edge) => pick(edge.frameworkTitle) },
      {
        key: 'element',
        title: t.element,
        width: 14,
        value: ({ element, title }) => (title === null ? element : `${element} ${pick(title)}`),
        cell: (edge) => (
          <>
            <Link to="/controls" search={{ framework: edge.framework, element: edge.element }}>
              {edge.element}
            </Link>
            {edge.title === null ? null : <span className="block">{pick(edge.title)}</span>}
          </>
        ),
      },
      {
        key: 'relation',
        title: t.relation,
        width: 10,
        value: ({ relation }) => t.relationOf[relation],
        cell: ({ relation, disputed }) => (
          <span className="flex flex-col items-start gap-1">
            {t.relationOf[relation]}
            {disputed === 'relation' ? <StatusBadge tone="warning">{t.disputed}</StatusBadge> : null}
            {disputed === 'silence' ? <span className="text-solid-gray-700">{t.onlyHere}</span> : null}
          </span>
        ),
      },
      { key: 'source', title: t.saysWho, width: 9, value: ({ source }) => source },
      {
        key: 'reviewed',
        title: t.reviewed,
        width: 11,
        value: ({ reviewedBy, reviewedOn }) => `${reviewedOn} ${reviewedBy}`,
        cell: ({ reviewedBy, reviewedOn }) => (
          <>
            <span className="block">{reviewedBy}</span>
            <DateText at={reviewedOn} dayOnly />
          </>
        ),
      },
    ],
    [t, pick],
  )
}
