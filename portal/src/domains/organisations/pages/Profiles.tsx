import type { ImportProfile } from '@rankan/server/domain/organisations/import/profile.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Card, Page } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { toast } from '../../../components/Toast.tsx'
import { Facts } from '../../../components/Values.tsx'
import { useLanguage } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { profilesQuery, removeProfile } from '../api.ts'
import { ProfileEditor } from '../components/ProfileEditor.tsx'
import { texts } from '../i18n/texts.ts'

const EMPTY: ImportProfile = {
  name: '',
  titleJa: '',
  titleEn: '',
  covers: ['city', 'town', 'village', 'special_ward', 'ward'],
  complete: true,
  code: [{ column: '', format: 'with_check_digit' }],
  nameJa: '',
  nameEn: null,
  kana: null,
  kind: { from: 'name' },
  parent: null,
  predecessors: null,
}

export function Profiles() {
  const t = useTexts(texts)
  const query = useQuery(profilesQuery)
  const mayImport = useMay('organisation.import')
  const [editing, setEditing] = useState<ImportProfile | null>(null)
  return (
    <Page
      title={t.profilesTitle}
      lead={t.profilesLead}
      actions={mayImport ? <Button onPress={() => setEditing(EMPTY)}>{t.newProfile}</Button> : undefined}
    >
      {editing === null ? null : (
        <ProfileEditor key={editing.name} profile={editing} onClose={() => setEditing(null)} />
      )}
      <Loaded query={query}>
        {({ items }) => (
          <div className="flex flex-col gap-3">
            {items.map(({ profile, builtIn }) => (
              <ProfileCard
                key={profile.name}
                profile={profile}
                builtIn={builtIn}
                onEdit={mayImport ? setEditing : null}
              />
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function ProfileCard(props: {
  readonly profile: ImportProfile
  readonly builtIn: boolean
  readonly onEdit: ((profile: ImportProfile) => void) | null
}) {
  const { profile, builtIn, onEdit } = props
  const t = useTexts(texts)
  const { language } = useLanguage()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => removeProfile(profile.name),
    onSuccess: async () => {
      toast(t.removed)
      await client.invalidateQueries({ queryKey: profilesQuery.queryKey })
    },
  })
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-std-17B-170">{language === 'ja' ? profile.titleJa : profile.titleEn}</h2>
        <code className="font-mono">{profile.name}</code>
        <StatusBadge tone="neutral">{builtIn ? t.builtIn : t.own}</StatusBadge>
        {onEdit === null ? null : (
          <Button
            look="quiet"
            small
            onPress={() => onEdit(builtIn ? { ...profile, name: `${profile.name}-2` } : profile)}
          >
            {builtIn ? t.copy : t.edit}
          </Button>
        )}
        {onEdit === null || builtIn ? null : (
          <Button look="quiet" small onPress={() => remove.mutate()} isPending={remove.isPending}>
            {t.remove}
          </Button>
        )}
      </div>
      <Facts
        items={[
          {
            name: t.codeColumn,
            value: profile.code.map((c) => `${c.column} (${t.codeFormats[c.format]})`).join(' / '),
          },
          { name: t.nameColumn, value: profile.nameJa },
          { name: t.kanaColumn, value: profile.kana ?? '—' },
        ]}
      />
      {remove.error === null ? null : <ErrorView error={remove.error} />}
    </Card>
  )
}
