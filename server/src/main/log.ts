import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** Structured logs on standard output; secrets never reach them. */
export const makeLog = (
  config: Pick<Config, 'logLevel'>,
  part: string,
  to?: { write(line: string): void },
): Logger =>
  pino(
    {
      level: config.logLevel,
      base: { part, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.password', '*.secretAccessKey', '*.sessionToken', '*.authorization', 'headers.cookie'],
      formatters: { log: withApplication },
    },
    to ?? pino.destination(1),
  )

/** Work is named after its application (`app_….production`), so that all lines about an application are found by its id. */
function withApplication(fields: Record<string, unknown>): Record<string, unknown> {
  const { workId } = fields
  const applicationId = typeof workId === 'string' ? /^app_[^.]+/.exec(workId)?.[0] : undefined
  return applicationId === undefined ? fields : { applicationId, ...fields }
}
