import { contactForm } from '@rankan/server/domain/organisations/forms.ts'
import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Card } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { StatusBadge, type Tone } from '../../../components/StatusBadge.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { markContact, putContact } from '../api.ts'
import { texts } from '../i18n/texts.ts'

type Contact = OrganisationPage['contacts'][number]

const TONES: Readonly<Record<Contact['reachability'], Tone>> = {
  unverified: 'waiting',
  reachable: 'good',
  dead: 'bad',
}

export function Contacts({ page }: { readonly page: OrganisationPage }) {
  const t = useTexts(texts)
  const mayChange = useMay('organisation.people.change')
  const [open, setOpen] = useState(false)
  return (
    <div className="flex flex-col items-start gap-3">
      {page.contacts.length === 0 ? <EmptyState title={t.noContacts} /> : null}
      {page.contacts.map((contact) => (
        <ContactCard key={contact.id} contact={contact} mayChange={mayChange} />
      ))}
      {mayChange && page.now !== null ? (
        <Button look="secondary" onPress={() => setOpen(true)}>
          {t.changeContact}
        </Button>
      ) : null}
      {open ? <ContactDialog page={page} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

function ContactCard({ contact, mayChange }: { readonly contact: Contact; readonly mayChange: boolean }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const mark = useMutation({
    mutationFn: (state: 'reachable' | 'dead') => markContact(contact.id, state),
    onSuccess: () => client.invalidateQueries({ queryKey: ['organisations'] }),
  })
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-4">
        <span className="font-700">{t.purpose[contact.purpose]}</span>
        <span>{contact.email}</span>
        <span className="tabular-nums">{contact.phone}</span>
        <StatusBadge tone={TONES[contact.reachability]}>{t.reachability[contact.reachability]}</StatusBadge>
        {mayChange ? (
          <>
            <Button look="quiet" small onPress={() => mark.mutate('reachable')}>
              {t.markReachable}
            </Button>
            <Button look="quiet" small onPress={() => mark.mutate('dead')}>
              {t.markDead}
            </Button>
          </>
        ) : null}
      </div>
      {mark.error === null ? null : <ErrorView error={mark.error} />}
    </Card>
  )
}

function ContactDialog({ page, onClose }: { readonly page: OrganisationPage; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [purpose, setPurpose] = useState<Contact['purpose']>('security')
  const [email, setEmail] = useState('')
  const [phone, setPhone] = useState('')
  const [from, setFrom] = useState(page.on)
  const [asked, setAsked] = useState(false)
  const checked = contactForm.safeParse({ purpose, email, phone, from })
  const wrong = (field: string) =>
    asked ? checked.error?.issues.find((issue) => issue.path[0] === field)?.message : undefined
  const save = useMutation({
    mutationFn: () => putContact(page.id, { purpose, email, phone, from }),
    onSuccess: async () => {
      toast(t.contactSaved)
      onClose()
      await client.invalidateQueries({ queryKey: ['organisations'] })
    },
  })
  const options = (['security', 'operations', 'billing'] as const).map((value) => ({
    value,
    label: t.purpose[value],
  }))
  return (
    <Confirm
      title={t.changeContact}
      isOpen
      onClose={onClose}
      action={t.save}
      pending={save.isPending}
      onConfirm={() => {
        setAsked(true)
        if (checked.success) save.mutate()
      }}
    >
      <Select label={t.kind} options={options} value={purpose} onChange={setPurpose} />
      <Field label={t.email} type="email" value={email} onChange={setEmail} error={wrong('email')} required />
      <Field label={t.phone} type="tel" value={phone} onChange={setPhone} error={wrong('phone')} required />
      <Field label={t.validFrom} type="date" value={from} onChange={setFrom} error={wrong('from')} required />
      {save.error === null ? null : <ErrorView error={save.error} />}
    </Confirm>
  )
}
