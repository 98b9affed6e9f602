import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import { classes } from './classes.ts'

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger'

const BASE =
  'inline-flex items-center justify-center gap-2 rounded-8 cursor-pointer ' +
  'no-underline disabled:cursor-not-allowed disabled:bg-solid-gray-300 disabled:text-solid-gray-50 ' +
  'disabled:border-solid-gray-300 data-[pending]:cursor-progress'

const NORMAL = 'min-h-11 px-4 py-2 text-oln-16B-100'
const SMALL = 'min-h-9 px-3 py-1.5 text-oln-14B-100 leading-130'

const LOOKS: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-blue-900 text-white border border-blue-900 hover:bg-blue-1000 pressed:bg-blue-1200',
  secondary: 'bg-white text-blue-900 border border-blue-900 hover:bg-blue-100',
  quiet:
    'bg-transparent text-blue-900 border border-transparent underline underline-offset-4 hover:bg-blue-50',
  danger: 'bg-error-2 text-white border border-error-2 hover:bg-red-1000',
}

/** Classes of a button, for a link that looks like one. */
export const buttonClasses = (look: ButtonLook = 'primary', small = false): string =>
  classes(BASE, LOOKS[look], small ? SMALL : NORMAL)

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  readonly look?: ButtonLook
  readonly small?: boolean
}

/** `isPending` keeps the button in the focus order while its work runs, and tells it to screen readers. */
export function Button({ look = 'primary', small = false, ...props }: ButtonProps) {
  return <AriaButton {...props} className={buttonClasses(look, small)} />
}
