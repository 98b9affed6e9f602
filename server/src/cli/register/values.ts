import { invalid } from '../../kernel/errors.ts'
import type { Cli } from '../app.ts'

/** What somebody types, as the API takes it. */
export type Read = (cli: Cli, typed: string) => unknown | Promise<unknown>

export const text: Read = (_, typed) => typed

/** The id of an organisation, which may be named by its code. */
export const organisation: Read = async ({ api }, typed) => {
  if (typed.startsWith('org_')) return typed
  const query = new URLSearchParams({ text: typed, limit: '2' })
  const { items } = await api.get<{ items: readonly { id: string; code: string }[] }>(
    `/api/organisations?${query}`,
  )
  const found = items.find((one) => one.code === typed) ?? (items.length === 1 ? items[0] : undefined)
  if (found !== undefined) return found.id
  throw invalid(
    'no_such_organisation',
    `\`${typed}\` is the code or name of ${items.length === 0 ? 'no organisation' : 'several organisations'}. Name it by its code: \`rankan org search ${typed}\`.`,
  )
}

const HUNDREDTHS = /^(\d{1,3})(?:\.(\d{1,2}))?$/

/** `132012=12.5`: a tenant and its share in per cent. */
export const share: Read = async (cli, typed) => {
  const [tenant = '', percent = ''] = typed.split('=')
  const [, whole, part = ''] = HUNDREDTHS.exec(percent) ?? []
  if (whole === undefined)
    throw invalid('share', `The share \`${typed}\` must read \`organisation=per cent\`, as \`132012=12.5\`.`)
  const basisPoints = Number(whole) * 100 + Number(part.padEnd(2, '0'))
  return { organisationId: await organisation(cli, tenant), basisPoints }
}
