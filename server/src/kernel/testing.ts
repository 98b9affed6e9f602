import { RankanError } from './errors.ts'

/** For tests: the refusal of what is run; what is not refused fails, and so does any other error. */
export function refusalOf(run: () => unknown): RankanError {
  try {
    run()
  } catch (error) {
    if (error instanceof RankanError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** The code with which work is refused, or `done`. Any other error fails. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof RankanError) return error.code
      throw error
    },
  )
