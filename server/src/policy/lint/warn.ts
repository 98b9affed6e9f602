import type { PolicyProblem } from '../parse/problem.ts'
import type { Place } from '../policies.ts'

export const warning = (
  { path, line, column }: Place,
  code: string,
  message: string,
  hint: string | null = null,
): PolicyProblem => ({ severity: 'warning', code, message, hint, path, line, column })
