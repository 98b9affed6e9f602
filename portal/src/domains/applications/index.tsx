import type { NavEntry } from '../../app/nav.ts'

export const routes = [] as const

export const nav: readonly NavEntry[] = []
