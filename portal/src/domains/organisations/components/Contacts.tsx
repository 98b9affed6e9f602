import { contactForm } from '@rankan/server/domain/organisations/forms.ts'
import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Card } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { StatusBadge, type Tone } from '../../../components/StatusBadge.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { endContact, markContact, putContact } from '../api.ts'
import { EndDialog } from '../forms/EndDialog.tsx'
import { FormDialog } from '../forms/FormDialog.tsx'
import { FromDay } from '../forms/FromDay.tsx'
import { useForm } from '../forms/use-form.ts'
import { useMayAt } from '../forms/use-may-at.ts'
import { texts } from '../i18n/texts.ts'

type Contact = OrganisationPage['contacts'][number]

const TONES: Readonly<Record<Contact['reachability'], Tone>> = {
  unverified: 'waiting',
  reachable: 'good',
  dead: 'bad',
}

export function Contacts({ page }: { readonly page: OrganisationPage }) {
  const t = useTexts(texts)
  const mayChange = useMayAt('organisation.people.change')(page.id)
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
  const [ending, setEnding] = useState(false)
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
            {contact.to === null ? (
              <Button look="quiet" small onPress={() => setEnding(true)}>
                {t.endContact}
              </Button>
            ) : null}
          </>
        ) : null}
      </div>
      {mark.error === null ? null : <ErrorView error={mark.error} />}
      {ending ? (
        <EndDialog
          title={t.endContact}
          text={t.endContactText(contact.email)}
          send={(day) => endContact(contact.id, day)}
          onClose={() => setEnding(false)}
        />
      ) : null}
    </Card>
  )
}

function ContactDialog({ page, onClose }: { readonly page: OrganisationPage; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const [purpose, setPurpose] = useState<Contact['purpose']>('security')
  const [email, setEmail] = useState('')
  const [phone, setPhone] = useState('')
  const [from, setFrom] = useState(page.on)
  const form = useForm({
    schema: contactForm,
    draft: { purpose, email, phone, from },
    send: (value) => putContact(page.id, value),
    onDone: onClose,
    said: t.contactSaved,
  })
  const options = (['security', 'operations', 'billing'] as const).map((value) => ({
    value,
    label: t.purpose[value],
  }))
  return (
    <FormDialog title={t.changeContact} form={form} onClose={onClose}>
      <Select label={t.kind} options={options} value={purpose} onChange={setPurpose} />
      <Field
        label={t.email}
        type="email"
        value={email}
        onChange={setEmail}
        error={form.errorAt('email')}
        required
      />
      <Field
        label={t.phone}
        type="tel"
        value={phone}
        onChange={setPhone}
        error={form.errorAt('phone')}
        required
      />
      <FromDay form={form} value={from} onChange={setFrom} />
    </FormDialog>
  )
}
