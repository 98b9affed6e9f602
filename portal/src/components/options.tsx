import { Button, Input, ListBoxItem, Text } from 'react-aria-components'
import { classes } from './classes.ts'
import { INPUT_CLASSES } from './Field.tsx'

export interface Option<V extends string = string> {
  readonly value: V
  readonly label: string
  readonly hint?: string
}

export const POPOVER_CLASSES =
  'w-(--trigger-width) max-h-80 overflow-auto rounded-8 border border-solid-gray-420 bg-white py-2 shadow-2'
const ITEM_CLASSES =
  'cursor-pointer px-4 py-2 text-std-16N-170 hover:bg-solid-gray-50 focused:bg-blue-100 selected:bg-blue-100 selected:text-blue-1000 outline-none'

/** One option in the list of a select or a combo box. */
export function OptionItem({ option }: { readonly option: Option }) {
  return (
    <ListBoxItem id={option.value} textValue={option.label} className={ITEM_CLASSES}>
      <Text slot="label">{option.label}</Text>
      {option.hint === undefined ? null : (
        <Text slot="description" className="block text-oln-14N-100 text-solid-gray-700">
          {option.hint}
        </Text>
      )}
    </ListBoxItem>
  )
}

/** Where one types in a combo box, with the button that opens its list. */
export function ComboInput({ name, placeholder }: { readonly name?: string; readonly placeholder?: string }) {
  return (
    <div className="relative">
      <Input
        {...(name === undefined ? {} : { name })}
        className={classes(INPUT_CLASSES, 'pr-11')}
        placeholder={placeholder}
      />
      <Button className="absolute inset-y-0 right-0 w-11 cursor-pointer rounded-8">
        <span aria-hidden="true">▾</span>
      </Button>
    </div>
  )
}
