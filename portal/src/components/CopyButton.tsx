import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { Button } from './Button.tsx'
import { toast } from './Toast.tsx'

/** Puts a text on the clipboard. Without one (pages that did not come over TLS) there is no button: the text can be marked by hand. */
export function CopyButton(props: {
  readonly text: () => string
  /** What is copied, for screen readers. */
  readonly of: string
}) {
  const t = useTexts(common)
  if (!window.isSecureContext) return null
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text())
      toast(t.copied)
    } catch {
      toast(t.notCopied)
    }
  }
  return (
    <Button look="secondary" small onPress={() => void copy()}>
      {t.copy}
      <span className="sr-only">: {props.of}</span>
    </Button>
  )
}
