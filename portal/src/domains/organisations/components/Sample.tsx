import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** The first rows of a file as they were read: a wrong encoding or separator is seen at once. */
export function Sample(props: {
  readonly headings: readonly string[]
  readonly rows: readonly Readonly<Record<string, string>>[]
}) {
  const t = useTexts(texts)
  return (
    <section
      aria-label={t.firstRows}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      className="overflow-auto rounded-8 border border-solid-gray-420"
    >
      <table className="min-w-full text-left">
        <caption className="sr-only">{t.firstRows}</caption>
        <thead className="bg-solid-gray-50">
          <tr>
            {props.headings.map((heading) => (
              <th key={heading} scope="col" className="px-3 py-2 whitespace-nowrap">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr
              key={props.headings.map((heading) => row[heading]).join('\u0000')}
              className="border-t border-solid-gray-200"
            >
              {props.headings.map((heading) => (
                <td key={heading} className="max-w-64 truncate px-3 py-2">
                  {row[heading]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
