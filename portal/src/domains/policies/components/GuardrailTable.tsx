import type { GuardrailList, GuardrailView } from '@rankan/server/domain/policies/guardrails.ts'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { Used } from './Used.tsx'

const TARGETS_SHOWN = 4

export function GuardrailTable({ list, label }: { readonly list: GuardrailList; readonly label: string }) {
  const columns = useColumns(list)
  return (
    <DataTable
      label={label}
      rows={list.policies}
      columns={columns}
      rowKey={(row) => row.id}
      tools={list.policies.length > TARGETS_SHOWN ? true : 'export'}
    />
  )
}

/** SCP and RCP are known by their letters to who reads this table. */
const shortKind = (kind: GuardrailView['kind'], names: Readonly<Record<GuardrailView['kind'], string>>) =>
  kind === 'scp' || kind === 'rcp' ? kind.toUpperCase() : names[kind]

const targetsOf = ({ attachedTo }: GuardrailView) => attachedTo.map(({ name }) => name).join(', ')

function useColumns(list: GuardrailList): readonly Column<GuardrailView>[] {
  const t = useTexts(texts)
  return useMemo(() => {
    const kinds = new Map(list.kinds.map((kind) => [kind.kind, kind]))
    return [
      {
        key: 'name',
        title: t.policyName,
        width: 12,
        value: (row) => row.name,
        cell: (row) => <Name row={row} organization={list.awsOrganizationId} />,
      },
      { key: 'description', title: t.description, hidden: true, value: (row) => row.description },
      {
        key: 'kind',
        title: t.kind,
        width: 7,
        value: (row) => t.kindOf[row.kind],
        cell: (row) => (
          <span className="flex flex-col items-start gap-1">
            <span title={t.kindOf[row.kind]}>{shortKind(row.kind, t.kindOf)}</span>
            {kinds.get(row.kind)?.enabled === false ? (
              <StatusBadge tone="warning">{t.disabled}</StatusBadge>
            ) : null}
          </span>
        ),
      },
      {
        key: 'attached',
        title: t.attachedTo,
        width: 10,
        value: targetsOf,
        cell: (row) => <Targets row={row} />,
      },
      {
        key: 'accounts',
        title: t.accountsBelow,
        width: 7,
        align: 'end',
        value: (row) => row.accounts,
        cell: (row) => row.accounts.toLocaleString(),
      },
      {
        key: 'size',
        title: t.size,
        width: 13,
        value: (row) => row.characters,
        cell: (row) => {
          const limit = kinds.get(row.kind)?.maxCharacters ?? row.characters
          return (
            <Used
              label={t.size}
              used={row.characters}
              limit={limit}
              text={t.sizeText(row.characters, limit)}
            />
          )
        },
      },
      {
        key: 'changed',
        title: t.changedAt,
        width: 11,
        value: (row) => row.changedAt,
        cell: (row) => <DateText at={row.changedAt} />,
      },
    ]
  }, [t, list])
}

function Name({ row, organization }: { readonly row: GuardrailView; readonly organization: string }) {
  const t = useTexts(texts)
  return (
    <span className="flex flex-col items-start gap-1">
      <Link to="/policies/editor" search={{ organization, policy: row.id }}>
        {row.name}
      </Link>
      {row.description === '' ? null : <span className="text-solid-gray-700">{row.description}</span>}
      {row.awsManaged ? <StatusBadge tone="neutral">{t.awsManaged}</StatusBadge> : null}
    </span>
  )
}

function Targets({ row }: { readonly row: GuardrailView }) {
  const t = useTexts(texts)
  const more = row.attachments - Math.min(TARGETS_SHOWN, row.attachedTo.length)
  if (row.attachedTo.length === 0) return <>{t.notAttached}</>
  return (
    <ul>
      {row.attachedTo.slice(0, TARGETS_SHOWN).map((target) => (
        <li key={target.id}>
          {target.name} <span className="text-solid-gray-700">({t.placeKindOf[target.kind]})</span>
        </li>
      ))}
      {more > 0 ? <li>{t.moreTargets(more)}</li> : null}
    </ul>
  )
}
