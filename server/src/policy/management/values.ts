import { didYouMean, nearest } from '../parse/nearest.ts'
import type { Report } from '../parse/report.ts'
import type { Setting } from './document.ts'
import { MANAGEMENT_AS_OF, type ManagementRules, type SettingRule } from './types.ts'

/**
 * Settings against what AWS documents for the type. A value that AWS does not know is an error; a setting that is not in
 * our list is a warning, because AWS adds settings faster than lists are renewed, and so is a value of a form that AWS's
 * pages show by examples alone.
 */
export function checkSettings(root: Setting, rules: ManagementRules, report: Report): void {
  checkUnder(root, [root.name], rules, report)
  if (rules.type === 'tag') checkTagKeys(root, report)
  if (rules.type === 'backup') checkLifecycles(root, report)
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
    if (!isOpen(path, rules)) warnUnknown(setting, path, rules, report)
    return
  }
  checkName(setting, path, rules, report)
  const exact = possible.find((rule) => rule.path.length === path.length)
  if (exact !== undefined) checkValue(setting, exact, report)
  else if (Object.keys(setting.operators).length > 0 && !isOpen(path, rules))
    report.error(
      setting.place,
      'no_value_here',
      `\`${setting.name}\` has no value of its own.`,
      `Put it into a setting: ${listed(namesUnder(path, rules))}.`,
    )
  for (const child of setting.children) checkUnder(child, [...path, child.name], rules, report)
}

function warnUnknown(
  { name, place }: Setting,
  path: readonly string[],
  rules: ManagementRules,
  report: Report,
): void {
  const known = namesUnder(path.slice(0, -1), rules)
  const meant = nearest(name, known) ?? known.find((one) => one.includes(name.toLowerCase()))
  report.warn(
    place,
    'unknown_setting',
    `\`${name}\` is not known at \`${path.slice(0, -1).join('/')}\` (list of ${MANAGEMENT_AS_OF}).`,
    meant !== undefined
      ? `Did you mean \`${meant}\`?`
      : known.length > 0
        ? `Known there are ${listed(known)}.`
        : 'AWS refuses or ignores settings that it does not know.',
  )
}

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

/** Names of settings that may stand below a path. */
const namesUnder = (path: readonly string[], rules: ManagementRules): readonly string[] =>
  [...new Set(rulesAt(path, rules).flatMap((rule) => rule.path[path.length] ?? []))].filter(
    (name) => name !== '*',
  )

/** A name that the author chooses is most probably a slip where it nearly is one that AWS knows. */
function checkName(
  { name, place }: Setting,
  path: readonly string[],
  { names }: ManagementRules,
  report: Report,
): void {
  const known = names.find((one) => one.path.length === path.length && fits(one.path, path))?.known
  if (known === undefined || known.includes(name)) return
  const meant = nearest(name, known)
  if (meant !== null)
    report.warn(
      place,
      'unknown_setting',
      `\`${name}\` is not known at \`${path.slice(0, -1).join('/')}\` (list of ${MANAGEMENT_AS_OF}).`,
      `Did you mean \`${meant}\`?`,
    )
}

function checkValue(setting: Setting, rule: SettingRule, report: Report): void {
  if (rule.takes === 'one') warnOfListOperators(setting, report)
  for (const { many, values, at } of Object.values(setting.operators)) {
    if (rule.takes === 'one' && many && values.length !== 1)
      report.error(
        setting.place,
        'one_value',
        `\`${setting.name}\` has a list of ${values.length} values.`,
        'It takes one value.',
      )
    values.forEach((value, i) => {
      const hint = valueHint(String(value), rule)
      if (hint === null) return
      const place = at?.[i] ?? setting.place
      const message = `\`${String(value)}\` is no value of \`${setting.name}\`.`
      if (rule.form?.certain === false) report.warn(place, 'bad_value', message, hint)
      else report.error(place, 'bad_value', message, hint)
    })
  }
}

/** `@@append` and `@@remove`: "You can use this operator with only multi-valued settings." ('Inheritance operators') */
function warnOfListOperators({ name, place, operators }: Setting, report: Report): void {
  for (const operator of ['@@append', '@@remove'] as const)
    if (operators[operator] !== undefined)
      report.warn(
        place,
        'one_value',
        `\`${name}\` takes one value, and \`${operator}\` works on lists alone.`,
        'Write `@@assign`.',
      )
}

/** What to write instead; `null` where the value will do. */
function valueHint(value: string, { values, form }: SettingRule): string | null {
  if (values !== null && !values.includes(value)) {
    return didYouMean(value, values, `Known are ${listed(values)}.`)
  }
  return form === null || form.pattern.test(value) ? null : `It is ${form.words}.`
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

/**
 * "Backups transitioned to cold storage must be stored in cold storage for a minimum of 90 days." (Organizations User Guide,
 * 'Backup policy syntax and examples'). Examples 3 and 5 of the same page break the rule, so Organizations may well take
 * such a policy: a warning.
 */
const DAYS_IN_COLD_STORAGE = 90

function checkLifecycles(setting: Setting, report: Report): void {
  for (const child of setting.children) checkLifecycles(child, report)
  if (setting.name.toLowerCase() !== 'lifecycle') return
  const [cold, end] = [
    daysOf(setting, 'move_to_cold_storage_after_days'),
    daysOf(setting, 'delete_after_days'),
  ]
  // -1: never.
  if (cold === null || end === null || cold < 0 || end < 0 || end >= cold + DAYS_IN_COLD_STORAGE) return
  report.warn(
    setting.place,
    'cold_storage_too_short',
    `Backups go to cold storage after \`${cold}\` days and are deleted after \`${end}\`.`,
    `AWS Backup keeps them there for ${DAYS_IN_COLD_STORAGE} days at least: delete after ${cold + DAYS_IN_COLD_STORAGE} or more.`,
  )
}

function daysOf({ children }: Setting, name: string): number | null {
  const value = children.find((one) => one.name.toLowerCase() === name)?.operators['@@assign']?.values[0]
  return value !== undefined && /^-?\d+$/.test(String(value)) ? Number(value) : null
}
