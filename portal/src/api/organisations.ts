import { organisationRef } from '@rankan/server/domain/organisations/view.ts'
import type { Language } from '@rankan/server/kernel/text.ts'
import type { Option } from '../components/options.tsx'
import { getPage } from './client.ts'

const AT_MOST = 20

/** Organisations by name, kana or code, as options of a `ComboBox`. */
export async function searchOrganisations(
  text: string,
  language: Language,
  signal: AbortSignal,
): Promise<readonly Option[]> {
  const page = await getPage('/api/organisations', organisationRef, { text, limit: AT_MOST }, signal)
  return page.items.map(({ id, code, name }) => ({ value: id, label: name[language], hint: code }))
}
