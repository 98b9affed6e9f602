/** Tells who wants to know that another worker left or is missed. */
export interface Gone {
  on(listener: () => void): void
}

export function goneBell(): Gone & { ring(): void } {
  const listeners: (() => void)[] = []
  return {
    on: (listener) => void listeners.push(listener),
    ring: () => {
      for (const listener of listeners) listener()
    },
  }
}
