import { describe, expect, it, vi } from 'vitest'
import { invalid, RankanError } from '../kernel/errors.ts'
import { type CommandGroup, createProgram, exitCodeOf, isSaid } from './app.ts'

const groups: readonly CommandGroup[] = [
  (program) => {
    program
      .command('ask')
      .requiredOption('--what <text>')
      .option('--more <text...>')
      .option('--of <text>', 'may be repeated', (one, all: readonly string[]) => [...all, one], [])
      .action(() => undefined)
  },
]
const noCli = () => {
  throw new Error('no command is run')
}

/** What the command line ends with, and what it writes on standard error. */
async function run(...args: readonly string[]) {
  const written: string[] = []
  const spy = (stream: NodeJS.WriteStream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written.push(String(text))
      return true
    })
  const spies = [spy(process.stderr), spy(process.stdout)]
  try {
    await createProgram(groups, noCli).parseAsync(['node', 'rankan', ...args])
    return { error: null, written: written.join('') }
  } catch (error) {
    return { error, written: written.join('') }
  } finally {
    for (const one of spies) one.mockRestore()
  }
}

describe('the exit code', () => {
  it.each([
    [['ask'], "required option '--what <text>' not specified"],
    [['ask', '--what', 'x', 'more'], 'too many arguments'],
    [['ask', '--what', 'x', '--what=y'], "option '--what' is given twice"],
    [['ask', '--what', 'x', '--whta'], 'Did you mean --what?'],
    [['aks'], 'Did you mean ask?'],
  ])(
    'is 2 for a command line that cannot be meant, which is said once with where to look: %j',
    async (args, said) => {
      const { error, written } = await run(...args)
      expect(exitCodeOf(error)).toBe(2)
      expect(isSaid(error)).toBe(true)
      expect(written).toContain(said)
      expect(written).toContain('`--help`')
    },
  )

  it('is 0 for an option that may be repeated', async () => {
    const often = ['--of', 'y', '--of', 'z', '--more', 'a', '--more', 'b', 'c']
    expect(await run('ask', '--what', 'x', ...often)).toEqual({ error: null, written: '' })
  })

  it('is 0 for help and version', async () => {
    for (const asked of [['--help'], ['ask', '--help'], ['--version']]) {
      const { error } = await run(...asked)
      expect(exitCodeOf(error)).toBe(0)
    }
  })

  it('tells wrong input, refusals, a moved world and faults apart', () => {
    const kinds = ['not_found', 'denied', 'conflict', 'throttled', 'unavailable', 'bug'] as const
    expect(
      [invalid('x', 'x'), ...kinds.map((kind) => new RankanError(kind, 'x', 'x')), new Error('x')].map(
        exitCodeOf,
      ),
    ).toEqual([2, 2, 3, 4, 4, 1, 1, 1])
  })
})
