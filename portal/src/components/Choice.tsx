import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox, Radio, RadioGroup } from 'react-aria-components'
import { classes } from './classes.ts'
import { FieldErrorText, FieldHint, FieldLabel } from './Field.tsx'
import type { Option } from './options.tsx'

const MARK =
  'flex size-6 shrink-0 items-center justify-center border-2 border-solid-gray-600 bg-white text-white'

export interface CheckboxProps {
  readonly children: ReactNode
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean
  readonly invalid?: boolean
}

export function Checkbox({ children, checked, onChange, disabled, invalid }: CheckboxProps) {
  return (
    <AriaCheckbox
      isSelected={checked}
      onChange={onChange}
      isDisabled={disabled ?? false}
      isInvalid={invalid ?? false}
      className="group flex min-h-11 cursor-pointer items-center gap-2 disabled:cursor-not-allowed"
    >
      <span
        aria-hidden="true"
        className={classes(
          MARK,
          'rounded-4 group-selected:border-blue-900 group-selected:bg-blue-900',
          'group-disabled:border-solid-gray-300 group-invalid:border-error-1',
        )}
      >
        {checked ? '✓' : ''}
      </span>
      <span className="text-std-16N-170">{children}</span>
    </AriaCheckbox>
  )
}

export interface RadiosProps<V extends string> {
  readonly label: ReactNode
  readonly options: readonly Option<V>[]
  readonly value: V | null
  readonly onChange: (value: V) => void
  readonly hint?: ReactNode
  readonly error?: ReactNode
  readonly required?: boolean
}

/** One of two to five values that should all be seen at once. */
export function Radios<V extends string>({
  label,
  options,
  value,
  onChange,
  hint,
  error,
  required,
}: RadiosProps<V>) {
  const isInvalid = error !== null && error !== undefined && error !== ''
  return (
    <RadioGroup
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key)
        if (chosen !== undefined) onChange(chosen.value)
      }}
      isInvalid={isInvalid}
      validationBehavior="aria"
      className="flex flex-col gap-1"
      {...(required === undefined ? {} : { isRequired: required })}
    >
      <FieldLabel {...(required === undefined ? {} : { required })}>{label}</FieldLabel>
      {hint === undefined ? null : <FieldHint>{hint}</FieldHint>}
      {options.map((option) => (
        <Radio
          key={option.value}
          value={option.value}
          className="group flex min-h-11 cursor-pointer items-start gap-2 py-2"
        >
          <span aria-hidden="true" className={classes(MARK, 'rounded-full group-selected:border-blue-900')}>
            <span className="size-3 rounded-full group-selected:bg-blue-900" />
          </span>
          <span>
            <span className="text-std-16N-170">{option.label}</span>
            {option.hint === undefined ? null : (
              <span className="block text-solid-gray-700">{option.hint}</span>
            )}
          </span>
        </Radio>
      ))}
      {isInvalid ? <FieldErrorText>{error}</FieldErrorText> : null}
    </RadioGroup>
  )
}
