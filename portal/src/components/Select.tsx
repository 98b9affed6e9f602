import type { ReactNode } from 'react'
import {
  Select as AriaSelect,
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from 'react-aria-components'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { classes } from './classes.ts'
import { FieldErrorText, FieldHint, FieldLabel, INPUT_CLASSES } from './Field.tsx'

export interface Option<V extends string = string> {
  readonly value: V
  readonly label: string
  readonly hint?: string
}

export const POPOVER_CLASSES =
  'w-(--trigger-width) max-h-80 overflow-auto rounded-8 border border-solid-gray-420 bg-white py-2 shadow-2'
export const ITEM_CLASSES =
  'cursor-pointer px-4 py-2 text-std-16N-170 hover:bg-solid-gray-50 focused:bg-blue-100 selected:bg-blue-100 selected:text-blue-1000 outline-none'

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
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.label} className={ITEM_CLASSES}>
              <Text slot="label">{item.label}</Text>
              {item.hint === undefined ? null : (
                <Text slot="description" className="block text-oln-14N-100 text-solid-gray-700">
                  {item.hint}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
