/** A test case in JUnit's XML; `failure` null means that it passed. */
export interface JunitCase {
  /** Left out where the name tells it all. */
  readonly id?: string
  readonly name: string
  readonly skipped: boolean
  readonly failure: string | null
  /** Which rule failed, where the case is a whole file of them. */
  readonly failing?: string
  /** Why the test could not be made at all. */
  readonly error?: string
}

export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

export function junit(name: string, suites: readonly JunitSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(name)}" tests="${all.length}" failures="${failures(all)}" errors="${errors(all)}">`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ].join('\n')
}

const failures = (cases: readonly JunitCase[]): number =>
  cases.filter(({ failure }) => failure !== null).length

const errors = (cases: readonly JunitCase[]): number =>
  cases.filter(({ error }) => error !== undefined).length

const suiteLines = ({ name, cases }: JunitSuite): readonly string[] => [
  `  <testsuite name="${escaped(name)}" tests="${cases.length}" errors="${errors(cases)}" failures="${failures(cases)}">`,
  ...cases.flatMap(caseLines),
  '  </testsuite>',
]

function caseLines({ id, name, skipped, failure, failing, error }: JunitCase): readonly string[] {
  const head = `    <testcase${attribute('id', id)}${attribute('name', name)}`
  if (error !== undefined)
    return [`${head} status="error">`, `      <error>${escaped(error)}</error>`, '    </testcase>']
  if (failure !== null)
    return [
      `${head}>`,
      `      <failure${attribute('message', failing)}>${escaped(failure)}</failure>`,
      '    </testcase>',
    ]
  return [skipped ? `${head} status="skip"/>` : `${head} status="pass"/>`]
}

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${escaped(value)}"`

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML 1.0 has no form for most control characters. */
const escaped = (text: string): string =>
  text
    .replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
