import { type Evaluator, fail, missing, pass, unknown, warn } from './types.ts'

export const organisationKnown: Evaluator = (form, { register }) => {
  const code = form.organisation?.code
  const path = ['organisation', 'code']
  if (!code) return missing(path)
  if (!register) return unknown('needs_register', path)
  if (!register.organisation) return fail('not_known', path, { code })
  if (register.unknownTenants.length > 0)
    return fail('tenants_not_known', ['use', 'tenants'], {
      codes: register.unknownTenants.slice(0, 10).join(', '),
    })
  return pass('known', path, { code, name: register.organisation.name })
}

export const regionAllowed: Evaluator = (form, { settings }) => {
  const environments = form.environments ?? []
  const wanted = environments.flatMap((e, i) =>
    (e.regions ?? []).map((region, j) => ({ region, path: ['environments', i, 'regions', j] })),
  )
  const wrong = wanted.find(({ region }) => !settings.allowedRegions.includes(region))
  if (wrong)
    return fail('not_allowed', wrong.path, {
      region: wrong.region,
      allowed: settings.allowedRegions.join(', '),
    })
  const empty = environments.findIndex((e) => !e.regions?.length)
  if (wanted.length === 0 || empty >= 0) return missing(['environments', Math.max(0, empty), 'regions'])
  return pass('allowed', ['environments'])
}

export const providerVended: Evaluator = (form, { settings }) => {
  const provider = form.provider?.name ?? 'aws'
  return settings.vendedProviders.includes(provider)
    ? pass('vended', ['provider', 'name'], { provider })
    : fail('not_vended', ['provider', 'name'], { provider })
}

export const placementSystem: Evaluator = (form, { register }) => {
  const provider = form.provider?.name ?? 'aws'
  const path = ['provider', 'name']
  if (!form.system?.code) return missing(['system', 'code'])
  if (!register) return unknown('needs_register', path)
  const others = register.systemProviders.filter((p) => p !== provider)
  return others.length > 0
    ? fail('split', path, { others: others.join(', ') })
    : pass('one', path, { provider })
}

export const placementOrganisation: Evaluator = (form, { register }) => {
  const provider = form.provider?.name ?? 'aws'
  const path = ['provider', 'name']
  if (!form.organisation?.code) return missing(['organisation', 'code'])
  if (!register) return unknown('needs_register', path)
  const others = register.organisationProviders.filter((p) => p !== provider)
  return others.length > 0
    ? fail('several', path, { others: others.join(', ') })
    : pass('one', path, { provider })
}

export const placementPortable: Evaluator = (form) => {
  const path = ['provider', 'placement']
  switch (form.provider?.placement) {
    case 'portable':
      return pass('portable', path)
    case 'managed':
      return form.provider.placementReason
        ? pass('managed', path)
        : warn('managed_no_reason', ['provider', 'placementReason'])
    case 'provider_only':
      return fail('provider_only', path)
    default:
      return missing(path)
  }
}

export const network: Evaluator = (form) => {
  const path = ['network', 'cidr']
  const cidr = form.network?.cidr
  if (!form.network || (!form.network.closedConnection && !cidr)) return pass('none', ['network'])
  if (!cidr) return pass('centre_assigns', path)
  const range = readCidr(cidr)
  if (!range) return fail('bad_cidr', path, { cidr })
  return isPrivate(range) ? pass('in_order', path, { cidr }) : fail('not_private', path, { cidr })
}

interface Cidr {
  readonly first: number
  readonly size: number
}

/** A VPC's range: /16 to /28 (AWS VPC user guide), aligned to its first address. */
function readCidr(text: string): Cidr | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)
  if (!match) return null
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number]
  if ([a, b, c, d].some((n) => n > 255) || bits < 16 || bits > 28) return null
  const first = ((a * 256 + b) * 256 + c) * 256 + d
  const size = 2 ** (32 - bits)
  return first % size === 0 ? { first, size } : null
}

/** RFC 1918 and the shared space of RFC 6598. */
const PRIVATE: readonly Cidr[] = [
  { first: 0x0a000000, size: 2 ** 24 },
  { first: 0xac100000, size: 2 ** 20 },
  { first: 0xc0a80000, size: 2 ** 16 },
  { first: 0x64400000, size: 2 ** 22 },
]
const isPrivate = (range: Cidr) =>
  PRIVATE.some((p) => range.first >= p.first && range.first + range.size <= p.first + p.size)
