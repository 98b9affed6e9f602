import data from './config-rules.json' with { type: 'json' }

const IDENTIFIERS = new Set(data.identifiers)

/** Whether AWS Config has a managed rule of this identifier (of those that the file knows, by its date). */
export const isManagedRule = (identifier: string): boolean => IDENTIFIERS.has(identifier)
