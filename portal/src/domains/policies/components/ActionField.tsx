import { useQuery } from '@tanstack/react-query'
import { ComboBox, ListBox, Popover } from 'react-aria-components'
import { FieldErrorText, FieldHint, FieldLabel } from '../../../components/Field.tsx'
import { ComboInput, type Option, OptionItem, POPOVER_CLASSES } from '../../../components/options.tsx'
import { completeAction } from '../engine/completion.ts'

/**
 * An action with completion. Unlike the house's `ComboBox`, what was typed counts without being chosen: AWS's list is dated,
 * and people paste actions out of error messages.
 */
export function ActionField(props: {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | null
}) {
  const { label, hint, value, onChange, error } = props
  const found = useQuery({
    queryKey: ['iam-actions', value],
    queryFn: () => completeAction(value),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <ComboBox
      items={(found.data ?? []).map((option) => ({ id: option.value, ...option }))}
      inputValue={value}
      onInputChange={onChange}
      onChange={(key) => (key === null ? undefined : onChange(String(key)))}
      allowsCustomValue
      menuTrigger="input"
      isInvalid={error !== null}
      isRequired
      validationBehavior="aria"
      className="flex flex-col gap-1"
    >
      <FieldLabel required>{label}</FieldLabel>
      <FieldHint>{hint}</FieldHint>
      <ComboInput name="action" placeholder="s3:GetObject" />
      {error === null ? null : <FieldErrorText>{error}</FieldErrorText>}
      <Popover className={POPOVER_CLASSES}>
        <ListBox className="outline-none">
          {(item: Option & { id: string }) => <OptionItem option={item} />}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
