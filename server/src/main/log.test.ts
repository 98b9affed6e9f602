import { expect, it } from 'vitest'
import { makeLog } from './log.ts'

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = []
  const log = makeLog({ logLevel: 'info' }, 'worker', { write: (line) => void lines.push(line) })
  log.info(fields, 'said')
  return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>
}

it('names the application of every piece of work', () => {
  const workId = 'app_01m81hnt0hjmmp4ppvpsdpp6te.production'
  expect(logged({ workId, step: 'budget' })).toMatchObject({
    part: 'worker',
    msg: 'said',
    applicationId: 'app_01m81hnt0hjmmp4ppvpsdpp6te',
    workId,
    step: 'budget',
  })
  expect(logged({ workId: 'sweep' })).not.toHaveProperty('applicationId')
})

it('keeps secrets out', () => {
  expect(JSON.stringify(logged({ account: { secretAccessKey: 'hush', password: 'hush' } }))).not.toContain(
    'hush',
  )
})
