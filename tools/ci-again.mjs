// After a failed `npm test` of .ci/run: a few failed files that start processes run once more, by themselves. Whatever fails
// twice is a failure; what then passes counts as passed, and the last lines of the run name it as FLAKY, to be mended.
// Pure tests, type errors and errors outside of a test are never run again.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** More than these are no accident. */
const AT_MOST = 3

const failed = failedFiles()
if (failed.length === 0 || failed.length > AT_MOST) process.exit(1)
console.log(`Once more, by themselves: ${failed.join(', ')}`)
const again = spawnSync(
  'node_modules/.bin/vitest',
  [
    'run',
    '--reporter=default',
    '--reporter=json',
    '--outputFile.json=ci-output/vitest-again.json',
    ...failed,
  ],
  { stdio: 'inherit' },
)
process.exit(again.status ?? 1)

/** Empty when anything failed that no second run can explain. */
function failedFiles() {
  if (readFileSync('ci-output/npm-test.txt', 'utf8').includes('Unhandled')) return []
  let report
  try {
    report = JSON.parse(readFileSync('ci-output/vitest.json', 'utf8'))
  } catch {
    return []
  }
  const files = report.testResults
    .filter((file) => file.status === 'failed')
    .map((file) => path.relative(process.cwd(), file.name))
  return files.every((file) => file.startsWith(`server${path.sep}test${path.sep}`)) ? files : []
}
