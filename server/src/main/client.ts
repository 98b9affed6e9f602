import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import cliProgress from 'cli-progress'
import type { Cli, GlobalOptions } from '../cli/app.ts'
import { type ApiClient, apiClient } from '../cli/client.ts'
import { RankanError } from '../kernel/errors.ts'
import { readConfig } from './config.ts'

interface Persona {
  readonly id: string
  readonly name: string
  readonly role: string
}

/** The command line as a client of a running server. */
export function makeCli(options: GlobalOptions): Cli {
  const json = options.json === true
  const baseUrl = options.server ?? process.env.RANKAN_SERVER ?? runningServer()
  return {
    api: apiClient(baseUrl, tokenSource(baseUrl, options.as)),
    json,
    print: (value, lines) => console.log(json ? JSON.stringify(value, null, 2) : lines().join('\n')),
    say: (line) => {
      if (!json) console.error(line)
    },
    progress: (total) => progressBar(total, json),
  }
}

function progressBar(total: number, json: boolean) {
  if (json || !process.stderr.isTTY) return { update: () => {}, stop: () => {} }
  const bar = new cliProgress.SingleBar(
    { stream: process.stderr, format: '{bar} {value}/{total} {note}' },
    cliProgress.Presets.shades_classic,
  )
  bar.start(total, 0, { note: '' })
  return { update: (done: number, note = '') => bar.update(done, { note }), stop: () => bar.stop() }
}

/** The server that `start` runs on this data folder. */
function runningServer(): string {
  try {
    const file = path.join(readConfig(process.env).dataDir, 'server.json')
    return (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url
  } catch {
    return 'http://127.0.0.1:8737'
  }
}

/** A token for each server and persona, kept for its 12 hours and asked anew when the server does not know it any more. */
function tokenSource(baseUrl: string, as: string | undefined): () => Promise<string | null> {
  let token: Promise<string | null> | undefined
  return () => {
    token ??= findToken(baseUrl, as)
    return token
  }
}

async function findToken(baseUrl: string, as: string | undefined): Promise<string | null> {
  const anonymous = apiClient(baseUrl, async () => null)
  const kept = readSessions()[sessionKey(baseUrl, as)]
  if (kept !== undefined) {
    const session = await apiClient(baseUrl, async () => kept).get<{ actor: Persona | null }>('/api/session')
    if (session.actor !== null) return kept
  }
  return signIn(anonymous, baseUrl, as)
}

async function signIn(anonymous: ApiClient, baseUrl: string, as: string | undefined): Promise<string> {
  const { personas } = await anonymous.get<{ personas: readonly Persona[] }>('/api/session')
  const wanted = as ?? 'central_operator'
  const persona = personas.find((p) => p.id === wanted) ?? personas.find((p) => p.role === wanted)
  if (persona === undefined)
    throw new RankanError(
      'invalid',
      'persona_unknown',
      `There is no persona \`${wanted}\`. Choose with --as: ${personas.map((p) => `\`${p.id}\` (${p.role})`).join(', ')}.`,
    )
  const { token } = await anonymous.send<{ token: string }>('POST', '/api/session', {
    personaId: persona.id,
    language: 'en',
  })
  writeSessions({ ...readSessions(), [sessionKey(baseUrl, as)]: token })
  return token
}

const sessionKey = (baseUrl: string, as: string | undefined) => `${baseUrl} ${as ?? ''}`
const sessionFile = () =>
  process.env.RANKAN_SESSION_FILE ?? path.join(homedir(), '.config', 'rankan', 'sessions.json')

function readSessions(): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(sessionFile(), 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}

function writeSessions(sessions: Readonly<Record<string, string>>): void {
  mkdirSync(path.dirname(sessionFile()), { recursive: true, mode: 0o700 })
  writeFileSync(sessionFile(), JSON.stringify(sessions), { mode: 0o600 })
}
