import { useQuery } from '@tanstack/react-query'
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { classes } from '../../../components/classes.ts'
import { FieldErrorText, FieldHint, FieldLabel, INPUT_CLASSES } from '../../../components/Field.tsx'
import { ITEM_CLASSES, type Option, POPOVER_CLASSES } from '../../../components/Select.tsx'
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
      <div className="relative">
        <Input name="action" className={classes(INPUT_CLASSES, 'pr-11')} placeholder="s3:GetObject" />
        <Button className="absolute inset-y-0 right-0 w-11 cursor-pointer rounded-8">
          <span aria-hidden="true">▾</span>
        </Button>
      </div>
      {error === null ? null : <FieldErrorText>{error}</FieldErrorText>}
      <Popover className={POPOVER_CLASSES}>
        <ListBox className="outline-none">
          {(item: Option & { id: string }) => (
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
    </ComboBox>
  )
}
