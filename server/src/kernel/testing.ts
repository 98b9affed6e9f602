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

/** The same of work. */
export async function refusalOfWork(work: Promise<unknown>): Promise<RankanError> {
  const refusal = await outcomeOf(work)
  if (refusal === null) throw new Error('nothing was refused')
  return refusal
}

/** The code with which work is refused, or `done`. Any other error fails. */
export const codeOf = async (work: Promise<unknown>): Promise<string> =>
  (await outcomeOf(work))?.code ?? 'done'

const outcomeOf = (work: Promise<unknown>): Promise<RankanError | null> =>
  work.then(
    () => null,
    (error: unknown) => {
      if (error instanceof RankanError) return error
      throw error
    },
  )
