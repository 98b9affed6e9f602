import { SEVERITIES } from '../checks/finding.ts'
import { hookHandler } from '../checks/hook/handler.ts'
import { checkable, chosen } from '../checks/rules.ts'
import { readLibrary } from '../cli/control/library.ts'

/**
 * The entry of a Lambda function for a CloudFormation Lambda Hook; docs/guide/check.md says how to deploy it.
 * `RANKAN_HOOK_CONTROLS` (ids with commas), `RANKAN_HOOK_SEVERITY`, `RANKAN_HOOK_FAIL_ON_UNKNOWN` and `RANKAN_HOOK_LANGUAGE`.
 */
const { RANKAN_HOOK_CONTROLS, RANKAN_HOOK_SEVERITY, RANKAN_HOOK_FAIL_ON_UNKNOWN, RANKAN_HOOK_LANGUAGE } =
  process.env
const all = checkable(readLibrary())
const ids = (RANKAN_HOOK_CONTROLS ?? '').split(',').filter((id) => id !== '')

export const handler = hookHandler(
  {
    controls: ids.length === 0 ? all : chosen(all, ids),
    threshold: {
      severity: SEVERITIES.find((one) => one === RANKAN_HOOK_SEVERITY) ?? 'low',
      unknown: RANKAN_HOOK_FAIL_ON_UNKNOWN === 'true',
    },
    language: RANKAN_HOOK_LANGUAGE === 'ja' ? 'ja' : 'en',
  },
  {
    fetchText: async (url) => (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text(),
    now: () => Math.floor(Date.now() / 1000),
  },
)
