/** A text that somebody took for JSON, and what it looks like instead. */
interface OtherFormat {
  readonly message: string
  readonly hint: string
}

/** Binary formats and UTF-16 have zeros; UTF-16 that was read as UTF-8 begins with two characters that stand for no text. */
const NOT_TEXT = /^\uFFFD|^[^\n]{0,20}\0/
const LOOKS_LIKE: readonly (readonly [RegExp, string, string])[] = [
  [NOT_TEXT, 'The file is no text in UTF-8.', 'Save it as UTF-8.'],
  [/^\s*</, 'This is XML or HTML, and no JSON.', 'Take the policy itself, not the page around it.'],
  [
    /^\s*\{\s*\\"/,
    'This JSON stands in a text of another language: its quotation marks have a backslash.',
    'Write `"` for `\\"`.',
  ],
  [
    /^\s*(data|locals|module|output|provider|resource|terraform|variable)\s+["{]/,
    'This is Terraform, and no JSON.',
    'Check the policy that it makes: `terraform show -json` prints it.',
  ],
  [
    // Each line in one way only: in two ways, thirty empty lines before a policy took minutes.
    /^(?:[^\S\n]*(?:#[^\n]*)?\n)*(---|[A-Za-z]\w*:(\s|$)|- )/,
    'This looks like YAML, and no JSON.',
    'Organizations and IAM take policies as JSON: write `{"Version": "2012-10-17", "Statement": [ … ]}`.',
  ],
]

/** What a text is that is surely no JSON, in words; `null` for anything that may be broken JSON. */
export function otherFormat(text: string): OtherFormat | null {
  const start = text.slice(0, 2_000).replace(/^\uFEFF/, '')
  const found = LOOKS_LIKE.find(([pattern]) => pattern.test(start))
  return found === undefined ? null : { message: found[1], hint: found[2] }
}
