import { createContext, type ReactNode, useContext } from 'react'
import type { NavEntry } from './nav.ts'

/** By context and not by import: the domains import the shell's route, so the shell cannot import the domains. */
const NavigationContext = createContext<readonly NavEntry[]>([])

export function NavigationProvider(props: {
  readonly entries: readonly NavEntry[]
  readonly children: ReactNode
}) {
  return <NavigationContext.Provider value={props.entries}>{props.children}</NavigationContext.Provider>
}

export const useNavigation = (): readonly NavEntry[] => useContext(NavigationContext)
