import type { AwsOrganizationView } from '@rankan/server/domain/accounts/view.ts'
import type { ControlSetView } from '@rankan/server/domain/controls/sets.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../../../components/Button.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Select } from '../../../../components/Select.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { guardrailsQuery } from '../../../policies/api.ts'
import { makePlan } from '../api.ts'
import { texts } from '../i18n/texts.ts'

const ROOT = 'root'
const ACTIONS = ['put', 'remove'] as const
/** What a CloudFormation hook does with what fails; `as_is` says nothing of it to the API. */
const HOOK_MODES = ['as_is', 'WARN', 'FAIL'] as const

/** Which set goes on which target: a worker then makes the plan. */
export function MakePlan(props: {
  readonly organizations: readonly AwsOrganizationView[]
  readonly sets: readonly ControlSetView[]
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const navigate = useNavigate()
  const [organization, setOrganization] = useState(props.organizations[0]?.id ?? null)
  const [target, setTarget] = useState(ROOT)
  const [set, setSet] = useState(props.sets[0]?.name ?? null)
  const [action, setAction] = useState<(typeof ACTIONS)[number]>('put')
  const [hook, setHook] = useState<(typeof HOOK_MODES)[number]>('as_is')
  const targets = useTargets(organization)
  const make = useMutation({
    mutationFn: makePlan,
    onSuccess: ({ id }) => navigate({ to: '/control-plans/$planId', params: { planId: id } }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (organization !== null && set !== null)
      make.mutate({
        awsOrganizationId: organization,
        target,
        set,
        action,
        ...(hook === 'as_is' ? {} : { hookMode: hook }),
      })
  }
  const chooseOrganization = (id: string) => {
    setOrganization(id)
    setTarget(ROOT)
  }
  return (
    <Form className="flex flex-col gap-4" onSubmit={submit}>
      <p className="text-solid-gray-700">{t.makeLead}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t.set}
          value={set}
          onChange={setSet}
          options={props.sets.map(({ name, title }) => ({ value: name, label: pick(title) }))}
        />
        <Select
          label={t.action}
          value={action}
          onChange={setAction}
          options={ACTIONS.map((value) => ({ value, label: t.actionOf[value] }))}
        />
        <Select
          label={t.organization}
          value={organization}
          onChange={chooseOrganization}
          options={props.organizations.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Select
          label={t.target}
          value={target}
          onChange={setTarget}
          options={[{ value: ROOT, label: t.root }, ...targets]}
        />
        <Select
          label={t.hookMode}
          hint={t.hookModeHint}
          value={hook}
          onChange={setHook}
          options={HOOK_MODES.map((value) => ({ value, label: t.hookModeOf[value] }))}
          className="sm:col-span-2"
        />
      </div>
      {make.error === null ? null : <ErrorView error={make.error} />}
      <div>
        <Button type="submit" isPending={make.isPending} isDisabled={organization === null || set === null}>
          {t.go}
        </Button>
      </div>
    </Form>
  )
}

/** OUs as the last sweep saw them; before it there is only the root. */
function useTargets(organization: string | null) {
  const query = useQuery({
    ...guardrailsQuery(organization ?? ''),
    enabled: organization !== null,
  })
  const places = query.data?.places ?? []
  const names = new Map(places.map((place) => [place.id, place]))
  const pathOf = (id: string | null): string => {
    const place = id === null ? undefined : names.get(id)
    if (place === undefined || place.kind === 'root') return ''
    return `${pathOf(place.parentId)}${place.name} / `
  }
  return places
    .filter(({ kind }) => kind === 'ou')
    .map(({ id, name, parentId }) => ({ value: id, label: `${pathOf(parentId)}${name}`, hint: id }))
}
