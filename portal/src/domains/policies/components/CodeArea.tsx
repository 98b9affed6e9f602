import { type KeyboardEvent, memo, type Ref, useImperativeHandle, useMemo, useRef } from 'react'
import { Label, Text, TextArea, TextField } from 'react-aria-components'
import { classes } from '../../../components/classes.ts'
import { FieldErrorText } from '../../../components/Field.tsx'
import { lineCount, offsetOf } from '../engine/lines.ts'

export interface CodeAreaHandle {
  /** Puts the cursor at that place and brings it into view. */
  jump(line: number, column: number): void
}

export interface CodeAreaProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Worst mark of each line, from 1. */
  readonly marks: ReadonlyMap<number, 'error' | 'warning'>
  readonly handle?: Ref<CodeAreaHandle>
  readonly error?: string | null
}

const LINE_PX = 24
/** Every column of a line must be one wide: the Japanese text font is only for what no other has. */
export const MONOSPACED =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace, "Noto Sans JP"'
const MARKS = { error: '✕', warning: '!' } as const

/**
 * A text area for policies: line numbers with marks, and Enter keeps the indentation. It stays the browser's own text area,
 * so that Tab leaves it, screen readers read it, and undo, search and input methods work as everywhere.
 */
export function CodeArea(props: CodeAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  useImperativeHandle(props.handle, () => ({
    jump(line, column) {
      const element = area.current
      if (element === null) return
      const at = offsetOf(element.value, line, column)
      element.focus({ preventScroll: true })
      element.setSelectionRange(at, at)
      const box = scroller.current
      if (box !== null) box.scrollTop = Math.max(0, (line - 4) * LINE_PX)
      box?.scrollIntoView({ block: 'nearest' })
    },
  }))
  const lines = lineCount(props.value)
  return (
    <TextField
      value={props.value}
      onChange={props.onChange}
      isInvalid={props.error != null || [...props.marks.values()].includes('error')}
      validationBehavior="aria"
      className="flex min-w-0 flex-col gap-1"
    >
      <Label className="text-std-16B-170">{props.label}</Label>
      <Text slot="description" className="text-solid-gray-700">
        {props.hint}
      </Text>
      <div
        ref={scroller}
        className="max-h-[32rem] overflow-auto rounded-8 border border-solid-gray-600 bg-white focus-within:shadow-[0_0_0_2px_var(--color-yellow-300)] focus-within:outline-4 focus-within:outline-offset-2 focus-within:outline-black"
      >
        {/* As high as the text: were the text area to scroll by itself, numbers and lines would part. */}
        <div className="flex">
          <Gutter lines={lines} marks={props.marks} />
          <TextArea
            ref={area}
            rows={Math.max(12, lines + 1)}
            wrap="off"
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            onKeyDown={keepIndent}
            style={{ lineHeight: `${LINE_PX}px`, fontFamily: MONOSPACED }}
            className="min-w-0 flex-1 resize-none overflow-x-auto overflow-y-hidden whitespace-pre bg-transparent px-3 py-2 text-[0.9375rem] shadow-none outline-none focus-visible:shadow-none focus-visible:outline-none"
          />
        </div>
      </div>
      {props.error == null ? null : <FieldErrorText>{props.error}</FieldErrorText>}
    </TextField>
  )
}

/** More marked lines than anybody mends at once; each is an element of its own. */
const MOST_MARKS = 500

/** The numbers are one text: an element for each of thousands of lines would be drawn again at every key. */
const Gutter = memo(function Gutter(props: {
  readonly lines: number
  readonly marks: CodeAreaProps['marks']
}) {
  const { lines, marks } = props
  const numbers = useMemo(() => Array.from({ length: lines }, (_, index) => index + 1).join('\n'), [lines])
  return (
    <div
      aria-hidden="true"
      style={{ lineHeight: `${LINE_PX}px`, fontFamily: MONOSPACED }}
      className="sticky left-0 min-h-full shrink-0 select-none self-stretch bg-solid-gray-50 py-2 text-right text-[0.9375rem] text-solid-gray-700"
    >
      <div className="whitespace-pre pr-2 pl-7">{numbers}</div>
      {[...marks].slice(0, MOST_MARKS).map(([line, mark]) => (
        <div
          key={line}
          style={{ top: `calc(0.5rem + ${(line - 1) * LINE_PX}px)` }}
          className={classes(
            'absolute right-0 left-0 pr-2 font-700',
            mark === 'error' ? 'bg-red-100 text-red-1000' : 'bg-yellow-100 text-yellow-1200',
          )}
        >
          {MARKS[mark]} {line}
        </div>
      ))}
    </div>
  )
})

/** `insertText` and not a new value: only so does the browser's undo know of it. */
function keepIndent(event: KeyboardEvent<HTMLTextAreaElement>): void {
  const { key, nativeEvent, currentTarget: area } = event
  if (key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || nativeEvent.isComposing) return
  const before = area.value.slice(0, area.selectionStart)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const indent = /^\s*/.exec(line)?.[0] ?? ''
  const deeper = /[[{]\s*$/.test(line) ? '  ' : ''
  if (indent === '' && deeper === '') return
  event.preventDefault()
  document.execCommand('insertText', false, `\n${indent}${deeper}`)
}
