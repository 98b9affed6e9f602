// Adds up what the suites of .ci/run said and prints the one line that counts.
import { readFileSync } from 'node:fs'

const failedSteps = Number(process.argv[2] ?? 0)
let passed = 0
let failed = 0

const first = readJson('ci-output/vitest.json')
const again = readJson('ci-output/vitest-again.json')
const vitest = first === null ? null : withSecondRun(first, again)
if (vitest === null) failed++
else {
  passed += vitest.numPassedTests
  // A file that does not even load has no failed test, but it is a failure.
  failed +=
    vitest.numFailedTests +
    vitest.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
}

const lines = readText('ci-output/conformance.txt').split('\n')
const closing = lines
  .map((line) => /^(\d+) passed, (\d+) failed/.exec(line.trim()))
  .filter(Boolean)
  .at(-1)
if (closing) {
  passed += Number(closing[1])
  failed += Number(closing[2])
} else failed++

// A step may fail without a failed test (a type error, a file out of step).
if (failed === 0 && failedSteps > 0) failed = failedSteps
for (const line of flaky(first, again)) console.log(line)
// Last of all, because the log before it is long and whoever reads it may have only its end.
for (const line of failures(vitest)) console.log(line)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** The files that ran again (tools/ci-again.mjs) count as they ended. */
function withSecondRun(report, second) {
  if (second === null) return report
  const ended = new Map(second.testResults.map((file) => [file.name, file]))
  const testResults = report.testResults.map((file) => ended.get(file.name) ?? file)
  const count = (status) =>
    testResults.reduce(
      (sum, file) => sum + file.assertionResults.filter((test) => test.status === status).length,
      0,
    )
  return { testResults, numPassedTests: count('passed'), numFailedTests: count('failed') }
}

/** Tests that failed and then passed, with why they failed. */
function flaky(report, second) {
  if (report === null || second === null) return []
  const passes = (file, name) =>
    second.testResults
      .find((one) => one.name === file)
      ?.assertionResults.some((test) => test.fullName === name && test.status === 'passed') ?? false
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'failed' && passes(file.name, test.fullName))
      .flatMap((test) => [
        `FLAKY ${file.name} > ${test.fullName}`,
        ...firstLines(test.failureMessages.join('\n')),
      ]),
  )
}

/** Each failed test with the first lines of why, and each failed line of the conformance suites. */
function failures(report) {
  const tests = (report?.testResults ?? []).flatMap((file) => [
    ...(file.status === 'failed' && file.assertionResults.length === 0
      ? [`FAILED ${file.name}`, ...firstLines(file.message)]
      : []),
    ...file.assertionResults
      .filter((test) => test.status === 'failed')
      .flatMap((test) => [
        `FAILED ${file.name} > ${test.fullName}`,
        ...firstLines(test.failureMessages.join('\n')),
      ]),
  ])
  const conformance = lines.filter((line) => / FAIL |×/.test(line)).slice(0, 40)
  return [
    ...tests,
    ...conformance,
    ...(tests.length === 0 && failedSteps > 0 ? unexplained() : []),
    ...(failedSteps > 0 ? [`${failedSteps} steps failed: see "exit code" above`] : []),
  ]
}

/** A step that failed without a failed test (an unhandled error, a type error) said why at its end. */
function unexplained() {
  const said = readText('ci-output/npm-test.txt').split('\n')
  const at = said.findIndex((line) => line.includes('Unhandled'))
  return (at < 0 ? said.slice(-40) : said.slice(at, at + 40)).map((line) => `    ${line.slice(0, 400)}`)
}

function firstLines(text) {
  return (text ?? '')
    .split('\n')
    .slice(0, 20)
    .map((line) => `    ${line.slice(0, 400)}`)
}

function readJson(file) {
  const text = readText(file)
  return text === '' ? null : JSON.parse(text)
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
