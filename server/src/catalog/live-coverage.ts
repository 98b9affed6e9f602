import { CONTROL_TYPES, type ControlType } from './types.ts'
import type { ControlPlaces, OnPlace } from './view.ts'

/** Where each control is on, by control and type. */
export type Switched = ReadonlyMap<string, readonly OnPlace[]>

const keyOf = (control: string, type: ControlType): string => `${control} ${type}`

export const switchedOn = (controls: ControlPlaces['controls']): Switched =>
  new Map(controls.map(({ control, type, places }) => [keyOf(control, type), places]))

export const placesOf = (switched: Switched, control: string, type: ControlType): readonly OnPlace[] =>
  switched.get(keyOf(control, type)) ?? []

/** Controls of an element, by type. */
type Serving = Readonly<Record<ControlType, readonly string[]>>

/** Those of the controls that are on somewhere, by type. */
export const servingOn = (controls: Serving, switched: Switched): Serving => ({
  preventive: on(controls, 'preventive', switched),
  proactive: on(controls, 'proactive', switched),
  detective: on(controls, 'detective', switched),
  responsive: on(controls, 'responsive', switched),
})

const on = (controls: Serving, type: ControlType, switched: Switched): readonly string[] =>
  controls[type].filter((control) => placesOf(switched, control, type).length > 0)

/** Whether any control of an element is on anywhere, in any type. */
export const isOn = (controls: Serving, switched: Switched): boolean =>
  CONTROL_TYPES.some((type) => on(controls, type, switched).length > 0)

interface Section {
  readonly groups: readonly { readonly requirements: readonly { readonly controls: Serving }[] }[]
}

/** How many elements have a control that is on somewhere. */
export const countOn = (sections: readonly Section[], switched: Switched): number =>
  sections
    .flatMap(({ groups }) => groups.flatMap(({ requirements }) => requirements))
    .filter(({ controls }) => isOn(controls, switched)).length
