import type { Language } from '@rankan/server/kernel/text.ts'
import { z } from 'zod'
import type { Option } from '../components/Select.tsx'
import { getPage } from './client.ts'

/** What every domain needs of an organisation: enough to choose one. */
const found = z.object({
  id: z.string(),
  code: z.string(),
  name: z.object({ ja: z.string(), en: z.string() }),
})

const AT_MOST = 20

/** Organisations by name, kana or code, as options of a `ComboBox`. */
export async function searchOrganisations(
  text: string,
  language: Language,
  signal: AbortSignal,
): Promise<readonly Option[]> {
  const page = await getPage('/api/organisations', found, { text, limit: AT_MOST }, signal)
  return page.items.map(({ id, code, name }) => ({ value: id, label: name[language], hint: code }))
}
