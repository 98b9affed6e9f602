import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { ComboBox as AriaComboBox, ListBox, Popover } from 'react-aria-components'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { classes } from './classes.ts'
import { FieldErrorText, FieldHint, FieldLabel } from './Field.tsx'
import { ComboInput, type Option, OptionItem, POPOVER_CLASSES } from './options.tsx'

export interface ComboBoxProps {
  readonly label: ReactNode
  /** What is chosen now, with its text; null: nothing. */
  readonly value: Option | null
  readonly onChange: (value: Option | null) => void
  /** Finds options for what was typed, e.g. by a call of the API. Called as one types; older calls are cancelled. */
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly Option[]>
  /** Keeps the answers of one search apart from those of another, e.g. `['organisations', 'combo']`. */
  readonly searchKey: readonly string[]
  readonly hint?: ReactNode
  readonly error?: ReactNode
  readonly required?: boolean
  readonly disabled?: boolean
  readonly placeholder?: string
  readonly className?: string
}

/** Search as you type over any number of values. */
export function ComboBox(props: ComboBoxProps) {
  const { label, value, hint, error, required, search } = props
  const t = useTexts(common)
  const [typed, setTyped] = useState<string | null>(null)
  const [open, setOpen] = useState(false)
  const shown = typed ?? value?.label ?? ''
  const wanted = useDeferredValue(typed ?? '')
  const found = useQuery({
    queryKey: [...props.searchKey, wanted],
    queryFn: ({ signal }) => search(wanted, signal),
    enabled: open,
    placeholderData: (before) => before,
    staleTime: 30_000,
  })
  const options = found.data ?? []
  const isInvalid = error !== null && error !== undefined && error !== ''

  const choose = (key: string | number | null) => {
    const chosen = options.find((option) => option.value === key) ?? null
    setTyped(null)
    if (chosen !== null) props.onChange(chosen)
    else if (key === null && shown === '') props.onChange(null)
  }

  return (
    <AriaComboBox
      items={options.map((option) => ({ id: option.value, ...option }))}
      inputValue={shown}
      onInputChange={(text) => {
        if (text !== shown) setTyped(text)
        if (text === '' && value !== null) props.onChange(null)
      }}
      value={value?.value ?? null}
      onChange={choose}
      onOpenChange={(isOpen) => {
        setOpen(isOpen)
        if (!isOpen) setTyped(null)
      }}
      menuTrigger="focus"
      allowsEmptyCollection
      isInvalid={isInvalid}
      validationBehavior="aria"
      className={classes('flex flex-col gap-1', props.className)}
      {...(required === undefined ? {} : { isRequired: required })}
      {...(props.disabled === undefined ? {} : { isDisabled: props.disabled })}
    >
      <FieldLabel {...(required === undefined ? {} : { required })}>{label}</FieldLabel>
      {hint === undefined ? null : <FieldHint>{hint}</FieldHint>}
      <ComboInput {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })} />
      {isInvalid ? <FieldErrorText>{error}</FieldErrorText> : null}
      <Popover className={POPOVER_CLASSES}>
        <ListBox
          className="outline-none"
          renderEmptyState={() => (
            <div className="px-4 py-2 text-solid-gray-700">{found.isFetching ? t.searching : t.noMatch}</div>
          )}
        >
          {(item: Option & { id: string }) => <OptionItem option={item} />}
        </ListBox>
      </Popover>
    </AriaComboBox>
  )
}
