import type { GuardrailList, PlaceView } from '@rankan/server/domain/policies/guardrails.ts'
import type { ReplayKind } from '@rankan/server/domain/policies/kinds.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Select } from '../../../components/Select.tsx'
import { Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { awsOrganizationsQuery, guardrailsQuery, tenantsQuery } from '../api.ts'
import { type AffectedOrganisation, affectedBelow } from '../engine/affected.ts'
import { texts } from '../i18n/texts.ts'

interface DraftOf {
  readonly name: string
  readonly kind: ReplayKind
}

/** Whom the draft would bind where it is attached, and whether there is room for it. */
export function AffectedBelow({ draft }: { readonly draft: DraftOf }) {
  const t = useTexts(texts)
  const query = useQuery(awsOrganizationsQuery())
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <Loaded query={query}>
      {(organizations) => {
        const id = chosen ?? organizations[0]?.id
        if (id === undefined) return <EmptyState title={t.noOrganizations} />
        return (
          <>
            {organizations.length < 2 ? null : (
              <Select
                label={t.awsOrganization}
                value={id}
                onChange={setChosen}
                className="max-w-md"
                options={organizations.map((one) => ({ value: one.id, label: one.name }))}
              />
            )}
            <Places key={id} awsOrganizationId={id} draft={draft} />
          </>
        )
      }}
    </Loaded>
  )
}

function Places(props: { readonly awsOrganizationId: string; readonly draft: DraftOf }) {
  const t = useTexts(texts)
  const query = useQuery(guardrailsQuery(props.awsOrganizationId))
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <Loaded query={query}>
      {(list) => {
        const place = list.places.find(({ id }) => id === chosen) ?? list.places[0]
        if (place === undefined) return <EmptyState title={t.notReadYet}>{t.notReadYetText}</EmptyState>
        return (
          <>
            <Select
              label={t.attachAt}
              value={place.id}
              onChange={setChosen}
              className="max-w-md"
              options={list.places.map(({ id, name, kind }) => ({
                value: id,
                label: `${name} (${t.placeKindOf[kind]})`,
                hint: id,
              }))}
            />
            <Room list={list} place={place} draft={props.draft} />
            <Tenants list={list} place={place} />
          </>
        )
      }}
    </Loaded>
  )
}

/** A policy of the same name takes no slot: it is changed. */
function Room({ list, place, draft }: { list: GuardrailList; place: PlaceView; draft: DraftOf }) {
  const t = useTexts(texts)
  const kind = draft.kind.toUpperCase()
  const slot = place.slots.find((one) => one.kind === draft.kind)
  const same = list.policies.find(({ name, kind: its }) => name === draft.name && its === draft.kind)
  const isHere = same !== undefined && place.policies.includes(same.id)
  return (
    <>
      <Facts
        items={[
          {
            name: t.slotsLeft(kind),
            value: slot === undefined ? t.disabled : t.slotsText(slot.left, slot.limit),
          },
          ...(draft.kind === 'scp' && list.managementAccountId !== null
            ? [{ name: t.managementAccount, value: list.managementAccountId }]
            : []),
        ]}
      />
      {slot === undefined ? <Notice kind="warning" title={t.kindIsOff(kind)} /> : null}
      {isHere ? <Notice kind="info" title={t.replacesHere(draft.name)} /> : null}
      {slot !== undefined && slot.left <= 0 && !isHere ? (
        <Notice kind="warning" title={t.noRoom(kind)} />
      ) : null}
    </>
  )
}

function Tenants({ list, place }: { readonly list: GuardrailList; readonly place: PlaceView }) {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery(tenantsQuery())
  const nameOf = ({ organisation }: AffectedOrganisation) =>
    organisation === null ? t.nobodys : pick(organisation)
  return (
    <Loaded query={query}>
      {(tenants) => {
        const rows = affectedBelow(list.places, place.id, list.awsOrganizationId, tenants)
        return (
          <>
            <p>
              {t.affectedCount(
                place.accounts,
                rows.filter(({ organisation }) => organisation !== null).length,
              )}
            </p>
            <DataTable
              label={t.affectedTable(place.name)}
              rows={rows}
              rowKey={(row) => JSON.stringify(row.organisation)}
              tools
              empty={<EmptyState title={t.affectsNobody} />}
              columns={[
                { key: 'organisation', title: t.organisation, width: 14, value: nameOf },
                {
                  key: 'count',
                  title: t.accountsBelow,
                  width: 8,
                  align: 'end',
                  value: ({ accounts }) => accounts.length,
                },
                {
                  key: 'accounts',
                  title: t.accountNames,
                  width: 24,
                  value: ({ accounts }) =>
                    accounts.map(({ name, accountId }) => `${name} (${accountId})`).join(', '),
                  cell: ({ accounts }) => <AccountNames accounts={accounts} />,
                },
              ]}
            />
          </>
        )
      }}
    </Loaded>
  )
}

const SHOWN = 5

function AccountNames({ accounts }: Pick<AffectedOrganisation, 'accounts'>) {
  const t = useTexts(texts)
  const more = accounts.length - SHOWN
  return (
    <ul className="break-words">
      {accounts.slice(0, SHOWN).map(({ accountId, name }) => (
        <li key={accountId}>
          {name} <span className="text-solid-gray-700">({accountId})</span>
        </li>
      ))}
      {more > 0 ? <li>{t.moreAccounts(more)}</li> : null}
    </ul>
  )
}
