import { didYouMean } from '../parse/nearest.ts'
import type { Report } from '../parse/report.ts'
import type { Setting } from './document.ts'
import { MANAGEMENT_AS_OF, type ManagementRules, type SettingRule } from './types.ts'

/**
 * Settings against what AWS documents for the type. A value that AWS does not know is an error; a setting that is not in
 * our list is a warning, because AWS adds settings faster than lists are renewed.
 */
export function checkSettings(root: Setting, rules: ManagementRules, report: Report): void {
  checkUnder(root, [root.name], rules, report)
  if (rules.type === 'tag') checkTagKeys(root, report)
}

const fits = (rule: readonly string[], path: readonly string[]): boolean =>
  path.every((name, i) => rule[i] === '*' || rule[i]?.toLowerCase() === name.toLowerCase())

/** The rules of which this path is the beginning. */
const rulesAt = (path: readonly string[], { settings }: ManagementRules): readonly SettingRule[] =>
  settings.filter((rule) => path.length <= rule.path.length && fits(rule.path, path))

const isOpen = (path: readonly string[], { settings }: ManagementRules): boolean =>
  settings.some(
    (rule) =>
      rule.takes === 'anything' &&
      rule.path.length <= path.length &&
      fits(rule.path, path.slice(0, rule.path.length)),
  )

function checkUnder(setting: Setting, path: readonly string[], rules: ManagementRules, report: Report): void {
  const possible = rulesAt(path, rules)
  if (possible.length === 0) {
    if (isOpen(path, rules)) return
    const known = rulesAt(path.slice(0, -1), rules).map((rule) => rule.path[path.length - 1] ?? '')
    report.warn(
      setting.place,
      'unknown_setting',
      `\`${setting.name}\` is not known at \`${path.slice(0, -1).join('/')}\` (list of ${MANAGEMENT_AS_OF}).`,
      didYouMean(
        setting.name,
        new Set(known.filter((name) => name !== '*')),
        'AWS refuses or ignores settings that it does not know.',
      ),
    )
    return
  }
  const exact = possible.find((rule) => rule.path.length === path.length)
  if (exact !== undefined) checkValue(setting, exact, report)
  for (const child of setting.children) checkUnder(child, [...path, child.name], rules, report)
}

function checkValue(setting: Setting, rule: SettingRule, report: Report): void {
  const given = Object.values(setting.operators)
  for (const { many, values } of given) {
    if (rule.takes === 'one' && many && values.length !== 1)
      report.error(
        setting.place,
        'one_value',
        `\`${setting.name}\` has a list of ${values.length} values.`,
        'It takes one value.',
      )
    for (const value of values)
      if (rule.values !== null && !rule.values.includes(String(value)))
        report.error(
          setting.place,
          'bad_value',
          `\`${String(value)}\` is no value of \`${setting.name}\`.`,
          didYouMean(
            String(value),
            rule.values,
            `Known are ${rule.values.map((known) => `\`${known}\``).join(', ')}.`,
          ),
        )
  }
}

/** "The value for the tag key must match the value for the policy key", but for upper and lower case. */
function checkTagKeys(root: Setting, report: Report): void {
  for (const policyKey of root.children) {
    const tagKey = policyKey.children.find(({ name }) => name.toLowerCase() === 'tag_key')
    const value = tagKey?.operators['@@assign']?.values[0]
    if (tagKey === undefined || value === undefined) continue
    if (String(value).toLowerCase() !== policyKey.name.toLowerCase())
      report.error(
        tagKey.place,
        'tag_key_differs',
        `The tag key \`${String(value)}\` is not \`${policyKey.name}\`.`,
        'They may differ in upper and lower case only.',
      )
  }
}
