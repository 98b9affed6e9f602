import path from 'node:path'
import { z } from 'zod'
import { invalid } from '../kernel/errors.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const url = z.url()

/** Every setting of Rankan, by its environment variable. What AWS needs (region, credentials, endpoint) is the SDK's own. */
const schema = z.object({
  RANKAN_DATA: z.string().min(1).default('.rankan').describe('Folder of everything that `start` keeps'),
  RANKAN_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .optional()
    .describe('PostgreSQL 15 or newer; without it `start` brings its own'),
  RANKAN_HOST: z.string().default('127.0.0.1').describe('Address that the server listens on'),
  RANKAN_PORT: port.default(8737).describe('Port of the portal and the API'),
  RANKAN_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('Worker processes that `start` runs'),
  RANKAN_METRICS_PORT: port.optional().describe('Port of /metrics and /healthz of a worker'),
  RANKAN_SANDBOX_URL: url
    .optional()
    .describe('The estate is this sandbox: demo sign-in and sandbox controls exist'),
  RANKAN_SANDBOX_PORT: port.default(0).describe('Port of the sandbox estate; 0 chooses a free one'),
  RANKAN_SANDBOX_CREDENTIALS: z
    .string()
    .optional()
    .describe('File that the sandbox wrote its credentials to'),
  RANKAN_TIME_SCALE: z.coerce
    .number()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      'How many times faster than the wall clock the estate’s time runs: 1, but 60 for the sandbox of `start`',
    ),
  RANKAN_ROOT_MAIL_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]{3,40}$/, 'must be a domain name of at most 40 characters')
    .default('aws.example.lg.jp')
    .describe('Domain under which root e-mail addresses of accounts are made'),
  RANKAN_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'must begin with smtp:// or smtps://')
    .optional()
    .describe('Mail gateway, `smtp://user:password@host:port`; without it notices stay in the product'),
  RANKAN_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\s@]+$/, 'must be an e-mail address, or `Name <address>`')
    .optional()
    .describe('Sender of mails; needed with RANKAN_SMTP_URL'),
  RANKAN_PUBLIC_URL: url
    .optional()
    .describe('Address under which people open the portal, for links in mails'),
  RANKAN_TRAILS: z
    .string()
    .regex(
      /^[^=\s,]+=[^,]+(,[^=\s,]+=[^,]+)*$/,
      'must be like `aws_one=/data/trail,aws_two=s3://bucket/prefix`',
    )
    .optional()
    .describe(
      'CloudTrail files of each AWS organisation for replays: `id=folder` or `id=s3://bucket/prefix`, with commas between; `*` stands for all others, `{organizationId}` for `o-…`. Workers read them, and keep facts in RANKAN_DATA',
    ),
  RANKAN_TRAIL_KEYS: z
    .string()
    .optional()
    .describe(
      "Answer of `aws cloudtrail list-public-keys` in a file: signatures of the trails' digests are checked with it, and digests of trails in S3 are checked at all",
    ),
  RANKAN_EXECUTOR_ID: z
    .string()
    .regex(/^[\w.-]{1,60}$/)
    .optional()
    .describe('Name of this worker; unique among all'),
  RANKAN_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Log level'),
})

export interface Config {
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly host: string
  readonly port: number
  readonly workers: number
  readonly metricsPort: number | undefined
  readonly sandboxUrl: string | undefined
  readonly sandboxPort: number
  readonly sandboxCredentials: string | undefined
  readonly timeScale: number | undefined
  readonly rootMailDomain: string
  readonly smtp: { readonly url: string; readonly from: string } | undefined
  readonly publicUrl: string | undefined
  readonly trails: string | undefined
  readonly trailKeys: string | undefined
  readonly executorId: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Reads the environment; a bad or misspelt value names its variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const own = Object.fromEntries(
    Object.entries(env).filter(([key, value]) => key.startsWith('RANKAN_') && value !== ''),
  )
  const unknown = Object.keys(own).filter((key) => !(key in schema.shape) && !KNOWN_ELSEWHERE.has(key))
  if (unknown.length > 0)
    throw invalid(
      'config_unknown',
      `There is no setting \`${unknown[0]}\`. Settings: ${Object.keys(schema.shape).join(', ')}.`,
    )
  const parsed = schema.safeParse(own)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      path: issue.path.map(String),
      code: issue.code,
      message: issue.message,
    }))
    const first = issues[0]
    const name = first?.path[0] ?? ''
    throw invalid('config_invalid', `\`${name}\` is \`${masked(own[name])}\`: ${first?.message}.`, issues)
  }
  return toConfig(parsed.data)
}

/** Variables of other programs of the house: the CLI's server address, and a test's crash point. */
const KNOWN_ELSEWHERE = new Set([
  'RANKAN_SERVER',
  'RANKAN_SESSION_FILE',
  'RANKAN_CRASH_AT',
  'RANKAN_CRASH_LOG',
])

function toConfig(env: z.output<typeof schema>): Config {
  return {
    dataDir: path.resolve(env.RANKAN_DATA),
    databaseUrl: env.RANKAN_DATABASE_URL,
    host: env.RANKAN_HOST,
    port: env.RANKAN_PORT,
    workers: env.RANKAN_WORKERS,
    metricsPort: env.RANKAN_METRICS_PORT,
    sandboxUrl: env.RANKAN_SANDBOX_URL,
    sandboxPort: env.RANKAN_SANDBOX_PORT,
    sandboxCredentials: env.RANKAN_SANDBOX_CREDENTIALS,
    timeScale: env.RANKAN_TIME_SCALE,
    rootMailDomain: env.RANKAN_ROOT_MAIL_DOMAIN,
    smtp: smtpOf(env),
    publicUrl: env.RANKAN_PUBLIC_URL,
    trails: env.RANKAN_TRAILS,
    trailKeys: env.RANKAN_TRAIL_KEYS,
    executorId: env.RANKAN_EXECUTOR_ID,
    logLevel: env.RANKAN_LOG_LEVEL,
  }
}

/** A password in an address never comes into a message or a log. */
const masked = (value: string | undefined): string => (value ?? '').replace(/\/\/[^/]*@/, '//…@')

function smtpOf(env: z.output<typeof schema>): Config['smtp'] {
  const { RANKAN_SMTP_URL, RANKAN_MAIL_FROM } = env
  if (RANKAN_SMTP_URL === undefined) return undefined
  if (RANKAN_MAIL_FROM === undefined)
    throw invalid('config_invalid', '`RANKAN_MAIL_FROM` is missing: a mail gateway needs a sender.')
  return { url: RANKAN_SMTP_URL, from: RANKAN_MAIL_FROM }
}

/** Rows for the documentation: name, default, meaning. */
export const configTable = () =>
  Object.entries(schema.shape).map(([name, field]) => ({ name, meaning: field.description ?? '' }))
