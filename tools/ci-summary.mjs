// Adds up what the suites of .ci/run said and prints the one line that counts.
import { readFileSync } from 'node:fs'

const failedSteps = Number(process.argv[2] ?? 0)
let passed = 0
let failed = 0

const vitest = readJson('ci-output/vitest.json')
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
// Last of all, because the log before it is long and whoever reads it may have only its end.
for (const line of failures(vitest)) console.log(line)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

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
