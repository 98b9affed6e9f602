import {
  type OrganizationSettings,
  organizationSettingsChange,
} from '@rankan/server/domain/accounts/organization-settings.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { toast } from '../../../components/Toast.tsx'
import { Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { changeOrganizationSettings, organizationSettingsQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** How Rankan reaches one AWS organisation, and what it uses there; the centre changes it in the same window. */
export function SettingsButton({ id, name }: { readonly id: string; readonly name: string }) {
  const t = useTexts(texts)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="secondary" small onPress={() => setOpen(true)} aria-label={t.settingsTitle(name)}>
        {t.settingsOpen}
      </Button>
      {isOpen ? (
        <SettingsDialog id={id} title={t.settingsTitle(name)} onClose={() => setOpen(false)} />
      ) : null}
    </>
  )
}

function SettingsDialog(props: {
  readonly id: string
  readonly title: string
  readonly onClose: () => void
}) {
  const mayChange = useMay('estate.change')
  const query = useQuery(organizationSettingsQuery(props.id))
  return (
    <Dialog title={props.title} isOpen onClose={props.onClose} wide>
      <Loaded query={query}>
        {(settings) => (
          <>
            <SettingFacts settings={settings} withBucket={!mayChange} />
            {mayChange ? <SettingsForm settings={settings} onDone={props.onClose} /> : null}
          </>
        )}
      </Loaded>
    </Dialog>
  )
}

function SettingFacts(props: { readonly settings: OrganizationSettings; readonly withBucket: boolean }) {
  const t = useTexts(texts)
  const { region, roleArn, hookBucket } = props.settings
  return (
    <Facts
      items={[
        { name: t.settingRegion, value: region ?? t.settingOfProcess },
        { name: t.settingRole, value: roleArn ?? t.settingOfProcess },
        ...(props.withBucket ? [{ name: t.hookBucket, value: hookBucket ?? t.hookBucketNone }] : []),
      ]}
    />
  )
}

function SettingsForm(props: { readonly settings: OrganizationSettings; readonly onDone: () => void }) {
  const { awsOrganizationId, hookBucket } = props.settings
  const t = useTexts(texts)
  const client = useQueryClient()
  const [bucket, setBucket] = useState(hookBucket ?? '')
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const wanted = organizationSettingsChange.safeParse({ hookBucket: bucket.trim() || null, reason })
  const wrong = (field: string) => wanted.error?.issues.some(({ path }) => path[0] === field) === true
  const save = useMutation({
    mutationFn: changeOrganizationSettings.bind(null, awsOrganizationId),
    onSuccess: async () => {
      toast(t.settingsSaved)
      props.onDone()
      await client.invalidateQueries({ queryKey: ['aws-organizations'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (wanted.success) save.mutate(wanted.data)
  }
  return (
    <form onSubmit={submit} className="mt-6 flex flex-col gap-4" noValidate>
      {save.error === null ? null : <ErrorView error={save.error} />}
      <Field
        label={t.hookBucket}
        hint={t.hookBucketHint}
        value={bucket}
        onChange={setBucket}
        required={false}
        maxLength={63}
        error={asked && wrong('hookBucket') ? t.hookBucketWrong : null}
      />
      <Field
        label={t.reason}
        value={reason}
        onChange={setReason}
        required
        maxLength={500}
        error={asked && wrong('reason') ? t.reasonNeeded : null}
      />
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="quiet" onPress={props.onDone}>
          {t.settingsClose}
        </Button>
        <Button type="submit" isPending={save.isPending}>
          {t.quotaSave}
        </Button>
      </div>
    </form>
  )
}
