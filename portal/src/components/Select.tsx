import type { ReactNode } from 'react'
import { Select as AriaSelect, Button, Label, ListBox, Popover, SelectValue } from 'react-aria-components'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { classes } from './classes.ts'
import { FieldErrorText, FieldHint, FieldLabel, INPUT_CLASSES } from './Field.tsx'
import { type Option, OptionItem, POPOVER_CLASSES } from './options.tsx'

export interface SelectProps<V extends string> {
  readonly label: ReactNode
  readonly options: readonly Option<V>[]
  readonly value: V | null
  readonly onChange: (value: V) => void
  readonly hint?: ReactNode
  readonly error?: ReactNode
  readonly required?: boolean
  readonly disabled?: boolean
  readonly className?: string
  /** The label is read aloud and not shown, e.g. in a filter bar whose meaning is plain. */
  readonly hiddenLabel?: boolean
}

/** One of a few values. For many values use `ComboBox`. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, options, value, hint, error, required } = props
  const t = useTexts(common)
  const isInvalid = error !== null && error !== undefined && error !== ''
  return (
    <AriaSelect
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key)
        if (chosen !== undefined) props.onChange(chosen.value)
      }}
      isInvalid={isInvalid}
      validationBehavior="aria"
      className={classes('flex flex-col gap-1', props.className)}
      {...(required === undefined ? {} : { isRequired: required })}
      {...(props.disabled === undefined ? {} : { isDisabled: props.disabled })}
    >
      {props.hiddenLabel ? (
        <Label className="sr-only">{label}</Label>
      ) : (
        <FieldLabel {...(required === undefined ? {} : { required })}>{label}</FieldLabel>
      )}
      {hint === undefined ? null : <FieldHint>{hint}</FieldHint>}
      <Button
        className={classes(INPUT_CLASSES, 'flex cursor-pointer items-center justify-between gap-2 text-left')}
      >
        <SelectValue className="truncate">
          {({ selectedText }) => (selectedText === null || selectedText === '' ? t.choose : selectedText)}
        </SelectValue>
        <span aria-hidden="true">▾</span>
      </Button>
      {isInvalid ? <FieldErrorText>{error}</FieldErrorText> : null}
      <Popover className={POPOVER_CLASSES}>
        <ListBox items={options.map((option) => ({ id: option.value, ...option }))} className="outline-none">
          {(item) => <OptionItem option={item} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
