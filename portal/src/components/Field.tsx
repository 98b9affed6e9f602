import type { ReactNode } from 'react'
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { classes } from './classes.ts'

export const INPUT_CLASSES =
  'w-full rounded-8 border border-solid-gray-600 bg-white px-3 py-2 min-h-11 text-std-16N-170 ' +
  'placeholder:text-solid-gray-536 hover:border-black invalid:border-error-1 ' +
  'disabled:bg-solid-gray-50 disabled:text-solid-gray-600'

/** A label with the mark 必須 / Required beside it, as the Digital Agency's guidelines ask (not only an asterisk). */
export function FieldLabel({
  children,
  required,
}: {
  readonly children: ReactNode
  readonly required?: boolean
}) {
  const t = useTexts(common)
  return (
    <Label className="flex flex-wrap items-center gap-x-2 text-std-16B-170">
      {children}
      {required === undefined ? null : (
        <span className={classes('text-oln-14N-100', required ? 'text-error-2' : 'text-solid-gray-700')}>
          {required ? t.required : t.optional}
        </span>
      )}
    </Label>
  )
}

export function FieldHint({ children }: { readonly children: ReactNode }) {
  return (
    <Text slot="description" className="block text-std-16N-170 text-solid-gray-700">
      {children}
    </Text>
  )
}

export function FieldErrorText({ children }: { readonly children?: ReactNode }) {
  return (
    <FieldError className="mt-1 flex gap-1 text-std-16N-170 text-error-2">
      {children === undefined ? undefined : <>＊{children}</>}
    </FieldError>
  )
}

export interface FieldProps {
  readonly label: ReactNode
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onBlur?: () => void
  readonly name?: string
  readonly hint?: ReactNode
  /** Text of the error; null or undefined: the value is right. */
  readonly error?: ReactNode
  /** true shows 必須, false shows 任意, undefined shows neither. */
  readonly required?: boolean
  readonly type?: 'text' | 'email' | 'tel' | 'date' | 'number' | 'search' | 'datetime-local'
  readonly multiline?: boolean
  readonly disabled?: boolean
  readonly readOnly?: boolean
  readonly placeholder?: string
  readonly autoComplete?: string
  readonly maxLength?: number
  readonly className?: string
}

/** One line (or, with `multiline`, several) of text with label, hint and error. */
export function Field(props: FieldProps) {
  const { label, hint, error, required, multiline, type = 'text', placeholder, className } = props
  const isInvalid = error !== null && error !== undefined && error !== ''
  return (
    <TextField
      value={props.value}
      onChange={props.onChange}
      type={type}
      isInvalid={isInvalid}
      validationBehavior="aria"
      className={classes('flex flex-col gap-1', className)}
      {...(props.onBlur === undefined ? {} : { onBlur: props.onBlur })}
      {...(props.name === undefined ? {} : { name: props.name })}
      {...(required === undefined ? {} : { isRequired: required })}
      {...(props.disabled === undefined ? {} : { isDisabled: props.disabled })}
      {...(props.readOnly === undefined ? {} : { isReadOnly: props.readOnly })}
      {...(props.autoComplete === undefined ? {} : { autoComplete: props.autoComplete })}
      {...(props.maxLength === undefined ? {} : { maxLength: props.maxLength })}
    >
      <FieldLabel {...(required === undefined ? {} : { required })}>{label}</FieldLabel>
      {hint === undefined ? null : <FieldHint>{hint}</FieldHint>}
      {multiline ? (
        <TextArea className={INPUT_CLASSES} rows={4} placeholder={placeholder} />
      ) : (
        <Input className={INPUT_CLASSES} placeholder={placeholder} />
      )}
      {isInvalid ? <FieldErrorText>{error}</FieldErrorText> : null}
    </TextField>
  )
}
