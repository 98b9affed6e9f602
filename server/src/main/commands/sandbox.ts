import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DECLARED_ACTIONS } from '../../aws/actions.ts'
import { FORWARDED_ACTIONS } from '../../aws/policy.ts'
import { startSandbox } from '../../sandbox/server.ts'
import type { Config } from '../config.ts'
import { reportReady, untilStopped } from '../lifetime.ts'
import { makeLog } from '../log.ts'

/** `rankan sandbox`: the embedded AWS estate. Any AWS client can talk to it with the credentials that it writes. */
export async function sandboxCommand(config: Config): Promise<void> {
  const log = makeLog(config, 'sandbox')
  const dataDir = path.join(config.dataDir, 'sandbox')
  mkdirSync(dataDir, { recursive: true })
  const sandbox = await startSandbox({
    dataDir,
    port: config.sandboxPort,
    timeScale: config.timeScale ?? 1,
    allowedActions: [...DECLARED_ACTIONS, ...FORWARDED_ACTIONS],
    log: (message, fields) => log.info(fields, message),
  })
  const file = config.sandboxCredentials ?? path.join(dataDir, 'credentials.json')
  writeFileSync(file, JSON.stringify(sandbox.credentials(), null, 2), { mode: 0o600 })
  log.info({ url: sandbox.url, credentials: file }, 'the sandbox estate is up')
  if (process.send === undefined) console.error(`AWS_ENDPOINT_URL=${sandbox.url}   credentials: ${file}`)
  reportReady({ url: sandbox.url })
  await untilStopped(() => sandbox.stop())
}
