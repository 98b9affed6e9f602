import type { OrganisationRow } from '@rankan/server/domain/organisations/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button, buttonClasses } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Field } from '../../../components/Field.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { searchQuery } from '../api.ts'
import { OrganisationLink } from '../components/OrganisationLink.tsx'
import { Branch } from '../components/Tree.tsx'
import { texts } from '../i18n/texts.ts'

export function Organisations() {
  const t = useTexts(texts)
  const search = useSearch({ from: '/shell/organisations' })
  const navigate = useNavigate({ from: '/organisations' })
  const mayImport = useMay('organisation.import')
  const [typed, setTyped] = useState(search.text ?? '')
  const wanted = useDeferredValue(typed.trim())
  useEffect(() => {
    const text = wanted === '' ? undefined : wanted
    void navigate({ search: (before) => ({ ...before, text }), replace: true })
  }, [wanted, navigate])
  const setDay = (on: string) =>
    void navigate({ search: (before) => ({ ...before, on: on === '' ? undefined : on }), replace: true })
  return (
    <Page
      title={t.title}
      lead={t.lead}
      actions={
        mayImport ? (
          <Link to="/organisations/imports" className={buttonClasses('secondary')}>
            {t.toImport}
          </Link>
        ) : undefined
      }
    >
      <search className="flex flex-wrap items-end gap-3">
        <Field
          label={t.search}
          hint={t.searchHint}
          type="search"
          value={typed}
          onChange={setTyped}
          className="w-96 max-w-full"
        />
        <Field label={t.on} hint={t.onHint} type="date" value={search.on ?? ''} onChange={setDay} />
        {search.on === undefined ? null : (
          <Button look="secondary" onPress={() => setDay('')}>
            {t.today}
          </Button>
        )}
      </search>
      {search.on === undefined ? null : <Notice kind="info" title={t.pastDay(search.on)} />}
      {wanted === '' ? <Tree on={search.on} /> : <Results text={wanted} on={search.on} />}
    </Page>
  )
}

function Tree({ on }: { readonly on: string | undefined }) {
  const t = useTexts(texts)
  const mayImport = useMay('organisation.import')
  return (
    <Section title={t.tree}>
      <Card>
        <Branch
          parent="none"
          on={on}
          empty={
            <EmptyState title={t.emptyRegister}>
              <p>{t.emptyRegisterText}</p>
              {mayImport ? <Link to="/organisations/imports">{t.toImport}</Link> : null}
            </EmptyState>
          }
        />
      </Card>
    </Section>
  )
}

function Results({ text, on }: { readonly text: string; readonly on: string | undefined }) {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery(searchQuery(text, on))
  const columns = useMemo(
    (): readonly Column<OrganisationRow>[] => [
      {
        key: 'name',
        title: t.name,
        width: 16,
        value: (row) => pick(row.name),
        cell: (row) => (
          <>
            <OrganisationLink organisation={row} on={on} />
            {row.foundAs === null ? null : (
              <span className="block text-solid-gray-700">{t.foundAs(row.foundAs)}</span>
            )}
          </>
        ),
      },
      { key: 'kana', title: t.kana, width: 13, value: (row) => row.kana },
      { key: 'code', title: t.code, width: 7, value: (row) => row.code },
      { key: 'kind', title: t.kind, width: 8, value: (row) => t.kindOf[row.kind] },
      {
        key: 'parent',
        title: t.parent,
        width: 9,
        value: (row) => (row.parent === null ? null : pick(row.parent.name)),
      },
    ],
    [t, pick, on],
  )
  return (
    <Loaded query={query}>
      {({ items, total }) => (
        <DataTable
          label={t.title}
          rows={items}
          total={total}
          columns={columns}
          rowKey={(row) => row.id}
          empty={
            <EmptyState title={t.nothingFound}>
              <p>{t.nothingFoundText}</p>
            </EmptyState>
          }
        />
      )}
    </Loaded>
  )
}
