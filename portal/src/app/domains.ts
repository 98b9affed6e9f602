import * as applications from '../domains/applications/index.tsx'
import * as controls from '../domains/controls/index.tsx'
import * as estate from '../domains/estate/index.tsx'
import * as home from '../domains/home/index.tsx'
import * as ledger from '../domains/ledger/index.tsx'
import * as organisations from '../domains/organisations/index.tsx'
import * as policies from '../domains/policies/index.tsx'
import * as sandbox from '../domains/sandbox/index.tsx'
import type { NavEntry } from './nav.ts'

/** Every domain of the portal. A new domain is one import and one word in each list. */
export const routes = [
  ...home.routes,
  ...applications.routes,
  ...organisations.routes,
  ...estate.routes,
  ...controls.routes,
  ...policies.routes,
  ...ledger.routes,
  ...sandbox.routes,
] as const

export const navigation: readonly NavEntry[] = [
  ...home.nav,
  ...applications.nav,
  ...organisations.nav,
  ...estate.nav,
  ...controls.nav,
  ...policies.nav,
  ...ledger.nav,
  ...sandbox.nav,
].sort((a, b) => a.order - b.order)
