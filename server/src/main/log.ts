import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** Structured logs on standard output; secrets never reach them. */
export const makeLog = (config: Config, part: string): Logger =>
  pino({
    level: config.logLevel,
    base: { part, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['*.password', '*.secretAccessKey', '*.sessionToken', '*.authorization', 'headers.cookie'],
  })
