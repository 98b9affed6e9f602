// `npm run conformance`: AWS as others built it. moto serves AWS for our adapters' contract suites; boto3 drives our
// sandbox; the same calls are compared on both. Needs python3 and PyPI; leaves a virtual environment in `.rankan/venv`.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = path.resolve(import.meta.dirname, '..')
const folder = path.join(root, 'tools', 'conformance')
const requirements = path.join(folder, 'requirements.txt')
const MOTO_START_MS = 60_000

/** Ends the run with a message that says what to do. */
class Stop extends Error {}

/** Runs a command to its end; its output is shown only when it fails. */
function must(command, args, advice) {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  if (done.status === 0) return
  throw new Stop(
    `\`${command} ${args.join(' ')}\` failed. ${advice}\n${done.stdout ?? ''}${done.stderr ?? done.error ?? ''}`,
  )
}

/** Makes the virtual environment once for each content of requirements.txt; a half-made one is made again. */
function pythonWithBoto() {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const venv = path.join(root, '.rankan', 'venv')
  const stamp = path.join(venv, 'requirements.sha256')
  const python = path.join(venv, 'bin', 'python')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  console.log('Making a Python environment with moto and boto3 …')
  rmSync(venv, { recursive: true, force: true })
  mkdirSync(path.dirname(venv), { recursive: true })
  must('python3', ['-m', 'venv', venv], 'Install Python 3.10 or newer with its `venv` module.')
  must(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    'PyPI must be reachable.',
  )
  writeFileSync(stamp, wanted)
  return python
}

/** A port that is free now; moto cannot say which one it took. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** Starts moto and waits until it answers. */
async function startMoto(python) {
  const port = await freePort()
  const server = path.join(path.dirname(python), 'moto_server')
  const child = spawn(python, [server, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = []
  child.stderr.on('data', (chunk) => {
    said.push(chunk)
    if (said.length > 50) said.shift()
  })
  const url = `http://127.0.0.1:${port}`
  for (const end = Date.now() + MOTO_START_MS; Date.now() < end; await sleep(200)) {
    if (child.exitCode !== null) break
    if (await answers(`${url}/moto-api/`)) return { url, child }
  }
  child.kill()
  throw new Stop(`The moto server did not start.\n${Buffer.concat(said)}`)
}

async function stop(child) {
  if (child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await Promise.race([gone, sleep(5_000).then(() => child.kill('SIGKILL'))])
}

const answers = (url) =>
  fetch(url).then(
    (reply) => reply.ok,
    () => false,
  )

/** Runs the suites; @returns the counts of vitest, or null when it could not run them. */
async function runSuites(environment) {
  const results = path.join(mkdtempSync(path.join(os.tmpdir(), 'rankan-conformance-')), 'results.json')
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [
    'run',
    '--config',
    path.join(folder, 'vitest.config.ts'),
    'conformance',
    '--reporter=verbose',
    '--reporter=json',
    `--outputFile.json=${results}`,
  ]
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  await new Promise((resolve) => child.once('exit', resolve))
  if (!existsSync(results)) return null
  const counts = JSON.parse(readFileSync(results, 'utf8'))
  rmSync(path.dirname(results), { recursive: true, force: true })
  return counts
}

/** What the independent servers lack, each with its reason: nothing is left out in silence. */
function showGaps() {
  const gaps = JSON.parse(readFileSync(path.join(folder, 'gaps.json'), 'utf8'))
  const differences = JSON.parse(readFileSync(path.join(folder, 'differences.json'), 'utf8'))
  console.log('\nGaps of moto (each case runs and must fail there):')
  for (const gap of gaps.moto) console.log(`  ${gap.case}\n    ${gap.reason}`)
  for (const gap of gaps.motoLacksServices) console.log(`  ${gap.service}\n    ${gap.reason}`)
  console.log('\nKnown differences between the sandbox and moto:')
  for (const [call, reason] of Object.entries(differences)) console.log(`  ${call}\n    ${reason}`)
}

async function main() {
  const python = pythonWithBoto()
  const moto = await startMoto(python)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  // Only for an end that nobody foresaw; the ordinary one waits until moto is gone.
  process.once('exit', () => moto.child.kill('SIGKILL'))
  const counts = await runSuites({ MOTO_URL: moto.url, RANKAN_PYTHON: python }).finally(() =>
    stop(moto.child),
  )
  if (counts === null) throw new Stop('The suites could not be run.')
  showGaps()
  // A suite that does not load has no tests to count, and must still count as a failure.
  const broken =
    counts.numFailedTestSuites > 0 && counts.numFailedTests === 0 ? counts.numFailedTestSuites : 0
  console.log(`\n${counts.numPassedTests} passed, ${counts.numFailedTests + broken} failed`)
  return counts.success && broken === 0 && counts.numPassedTests > 0 ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Stop ? error.message : error)
    console.log('\n0 passed, 1 failed')
    process.exit(1)
  },
)
