import { withInput } from '@rankan/server/src/catalog/case-input.ts'
import type { ExplainedCase } from '@rankan/server/src/catalog/explain-case.ts'
import type { Control, ControlCase } from '@rankan/server/src/catalog/record.ts'

/** The engines are large; a reader who only reads does not load them. */
const engine = () => import('@rankan/server/src/catalog/explain-case.ts')

export async function runAll(control: Control): Promise<readonly ExplainedCase[]> {
  const { explainCase } = await engine()
  return control.cases.map((one) => explainCase(control, one))
}

export type TriedInput =
  | { readonly result: ExplainedCase }
  /** `where` is empty when the text is no JSON at all. */
  | { readonly problem: { readonly where: string; readonly message: string } }

/** Judges a case of the control with the input that somebody typed. */
export async function tryInput(control: Control, one: ControlCase, text: string): Promise<TriedInput> {
  const [{ explainCase }, { controlCase }] = await Promise.all([
    engine(),
    import('@rankan/server/src/catalog/record.ts'),
  ])
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (error) {
    return { problem: { where: '', message: error instanceof Error ? error.message : String(error) } }
  }
  const parsed = controlCase.safeParse(withInput(one, input))
  if (parsed.success) return { result: explainCase(control, parsed.data) }
  const [issue] = parsed.error.issues
  return { problem: { where: (issue?.path ?? []).map(String).join('.'), message: issue?.message ?? '' } }
}
