import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Page } from '../../../../components/Page.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { controlsQuery } from '../../api.ts'
import { setQuery } from '../api.ts'
import { Editor } from '../components/Editor.tsx'
import { draftOf, EMPTY } from '../draft.ts'
import { texts } from '../i18n/texts.ts'

/** Makes a control set. */
export function NewSet() {
  const t = useTexts(texts)
  const library = useQuery(controlsQuery({}))
  return (
    <Page title={t.newTitle} lead={t.lead}>
      <Loaded query={library} lines={10}>
        {(rows) => <Editor rows={rows} start={EMPTY} base={0} />}
      </Loaded>
    </Page>
  )
}

/** Makes the next version of a control set. */
export function EditSet() {
  const t = useTexts(texts)
  const { name } = useParams({ from: '/shell/control-sets/$name/edit' })
  const library = useQuery(controlsQuery({}))
  // What somebody else saves meanwhile must not take away what was typed: the base decides when it is saved.
  const set = useQuery({ ...setQuery(name), staleTime: Number.POSITIVE_INFINITY })
  return (
    <Page title={t.editTitle(name)} lead={t.lead}>
      <Loaded query={set} lines={2}>
        {(found) => (
          <Loaded query={library} lines={10}>
            {(rows) => <Editor rows={rows} start={draftOf(found.name, found)} base={found.version} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}
