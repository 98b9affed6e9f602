import type { FormState } from '../api.ts'
import type { Path } from './path.ts'

/** What every field of the form gets. */
export interface FormPart {
  readonly form: FormState
  readonly onChange: (path: Path, value: unknown) => void
  /** Text of what is wrong with a field, once it should be shown. */
  readonly errorOf: (path: Path) => string | null
}
