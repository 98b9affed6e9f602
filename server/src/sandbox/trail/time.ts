/** `2026-11-22T03:04:05Z`: CloudTrail's times have whole seconds. */
export const seconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
