import { MONOSPACED } from '../../policies/components/CodeArea.tsx'

/** A document to be read: it scrolls in its own box, which the keyboard reaches. */
export function CodeView({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-8 border border-solid-gray-420 bg-solid-gray-50 p-3"
    >
      <pre className="text-[0.875rem] leading-normal" style={{ fontFamily: MONOSPACED }}>
        {text}
      </pre>
    </section>
  )
}
