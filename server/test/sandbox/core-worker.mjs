// A sandbox in a process of its own, so that it can be killed. `npm test` has built server/dist.
import { startSandbox } from '../../dist/sandbox/server.js'

const sandbox = await startSandbox({
  dataDir: process.env.SANDBOX_FOLDER,
  allowedActions: ['organizations:*'],
  timeScale: 600,
})
process.send({ url: sandbox.url, credentials: sandbox.credentials() })
