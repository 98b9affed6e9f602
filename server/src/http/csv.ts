/** A spreadsheet runs a cell that begins like a formula; an apostrophe makes it text. */
const disarm = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

function cell(value: string | null): string {
  const text = disarm(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180, without the line end. */
export const csvLine = (values: readonly (string | null)[]): string => values.map(cell).join(',')

/** UTF-8 with a byte-order mark, for spreadsheets. */
export const csvFile = (lines: readonly string[]): string => `\uFEFF${lines.join('\r\n')}\r\n`
