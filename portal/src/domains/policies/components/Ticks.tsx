/**
 * Text whose words in backticks are code: the engine marks the author's words that way. `dir` isolates them: a character that turns
 * the direction of writing (U+202E) would turn the rest of our sentence.
 */
export function Ticks({ text }: { readonly text: string }) {
  return (
    <>
      {text.split('`').map((part, index) =>
        index % 2 === 1 ? (
          <code key={index} dir="ltr" className="rounded-4 bg-solid-gray-50 px-1 font-mono">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  )
}
