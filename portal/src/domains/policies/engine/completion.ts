import type { Option } from '../../../components/options.tsx'
import { factsIndex, loadService } from './facts.ts'

const SHOWN = 60

/** Actions that fit what was typed: first services (`s3`), and behind the colon their actions (`s3:GetOb`). */
export async function completeAction(typed: string): Promise<readonly Option[]> {
  const text = typed.trim()
  const [prefix = '', name] = text.split(':')
  return name === undefined ? await services(prefix) : await actions(prefix.toLowerCase(), name)
}

async function services(typed: string): Promise<readonly Option[]> {
  const lower = typed.toLowerCase()
  const entries = Object.entries((await factsIndex()).services)
  const rank = ([prefix, name]: readonly [string, string]): number =>
    prefix === lower ? 0 : prefix.startsWith(lower) ? 1 : name.toLowerCase().includes(lower) ? 2 : 3
  return entries
    .filter((entry) => rank(entry) < 3)
    .sort((a, b) => rank(a) - rank(b) || a[0].localeCompare(b[0]))
    .slice(0, SHOWN)
    .map(([prefix, name]) => ({ value: `${prefix}:`, label: `${prefix}:`, hint: name }))
}

async function actions(prefix: string, typed: string): Promise<readonly Option[]> {
  const file = await loadService(prefix)
  const lower = typed.toLowerCase()
  const names = Object.keys(file?.actions ?? {}).filter((name) => name.toLowerCase().includes(lower))
  return names
    .sort((a, b) => Number(b.toLowerCase().startsWith(lower)) - Number(a.toLowerCase().startsWith(lower)))
    .slice(0, SHOWN)
    .map((name) => ({ value: `${prefix}:${name}`, label: `${prefix}:${name}` }))
}
