/** Run by `npm run conformance`: boto3 drives the sandbox. `RANKAN_PYTHON` is a Python that has boto3 and moto. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { startSandbox } from '../../src/sandbox/server.ts'

const python = process.env.RANKAN_PYTHON
const motoUrl = process.env.MOTO_URL
if (!python || !motoUrl) throw new Error('Set `RANKAN_PYTHON` and `MOTO_URL`, or run `npm run conformance`.')

interface Result {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}

const folder = path.resolve(import.meta.dirname, '../../../tools/conformance')

/** Every check of a script, as the script printed it; what it said beside that is thrown when there is none. */
async function checksOf(interpreter: string, script: string, ...args: string[]): Promise<readonly Result[]> {
  const child = spawn(interpreter, [path.join(folder, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const results = out.split('\n').filter((line) => line.startsWith('{'))
  if (results.length === 0) throw new Error(`${script} reported nothing.\n${out}${err}`)
  return results.map((line): Result => JSON.parse(line))
}

// A sandbox for each script: neither sees what the other did. They run before the tests, which only tell what came out.
async function onSandbox(run: (url: string) => Promise<readonly Result[]>): Promise<readonly Result[]> {
  const sandbox = await startSandbox({ dataDir: null, allowedActions: DECLARED_ACTIONS, seed: 11 })
  try {
    return await run(sandbox.url)
  } finally {
    await sandbox.stop()
  }
}

const scripts = {
  'boto3 vends in the sandbox': await onSandbox((url) => checksOf(python, 'boto3_vending.py', url)),
  'boto3 applies controls in the sandbox': await onSandbox((url) =>
    checksOf(python, 'boto3_controls.py', url),
  ),
  'the sandbox answers boto3 as moto does': await onSandbox((url) =>
    checksOf(python, 'boto3_compare.py', url, motoUrl),
  ),
}

for (const [title, results] of Object.entries(scripts))
  describe(title, () => {
    for (const { name, ok, detail } of results)
      it(name, () => {
        expect(ok, detail).toBe(true)
      })
  })
