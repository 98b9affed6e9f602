import type { Issue } from '../kernel/errors.ts'
import type { Facts } from '../policy/facts.ts'
import { runCases } from './cases.ts'
import { formIssues } from './check-forms.ts'
import { elementOf, isFramework } from './frameworks.ts'
import type { Control } from './record.ts'

/**
 * What is wrong with a control, by the path inside its folder: edges to what a framework does not have, documents that
 * do not parse or lint, cases that do not come out, forms without a case that passes and one that fails.
 */
export function checkControl(control: Control, facts: Facts): readonly Issue[] {
  return [
    ...control.record.frameworks.flatMap((edge, i) => edgeIssues(edge, ['control.json', 'frameworks', i])),
    ...formIssues(control, facts),
    ...runCases(control).flatMap(({ passed, name, expect, found }, i) =>
      passed
        ? []
        : [
            issue(
              ['cases.json', i],
              'case_failed',
              `The case \`${name}\` is \`${found}\`, expected \`${expect}\`.`,
            ),
          ],
    ),
  ]
}

const issue = (path: Issue['path'], code: string, message: string): Issue => ({ path, code, message })

function edgeIssues(
  { framework, element }: { framework: string; element: string },
  path: Issue['path'],
): readonly Issue[] {
  if (!isFramework(framework))
    return [issue([...path, 'framework'], 'unknown_framework', `There is no framework \`${framework}\`.`)]
  const found = elementOf(framework, element)
  if (found === null)
    return [issue([...path, 'element'], 'unknown_element', `\`${framework}\` has no element \`${element}\`.`)]
  return found.withdrawn
    ? [
        issue(
          [...path, 'element'],
          'withdrawn_element',
          `\`${element}\` was withdrawn from \`${framework}\`.`,
        ),
      ]
    : []
}
