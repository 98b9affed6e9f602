import type { Place } from '../policies.ts'
import type { ManagementType } from './types.ts'

export type ValueOperator = '@@assign' | '@@append' | '@@remove'
export const VALUE_OPERATORS: readonly ValueOperator[] = ['@@assign', '@@append', '@@remove']
export const CHILD_CONTROL = '@@operators_allowed_for_child_policies'

export type Scalar = string | number | boolean

/** `many` = a JSON list: the kind of setting that can be appended to and removed from. */
export interface SettingValue {
  readonly many: boolean
  readonly values: readonly Scalar[]
  /** Where each value stands; missing in what was merged. */
  readonly at?: readonly Place[]
}

/** A key of the document: a container of settings, or a setting with operators. */
export interface Setting {
  readonly name: string
  readonly place: Place
  readonly children: readonly Setting[]
  readonly operators: Readonly<Partial<Record<ValueOperator, SettingValue>>>
  /** What policies further down may use here; `null`: says nothing. */
  readonly allowedForChildren: readonly ValueOperator[] | null
}

/** A parsed management policy. */
export interface ManagementPolicy {
  readonly type: ManagementType
  readonly name: string
  /** The one key at the top (`plans`, `tags`, …). */
  readonly root: Setting
}
