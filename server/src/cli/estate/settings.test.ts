import { describe, expect, it } from 'vitest'
import type { OrganizationSettings } from '../../domain/accounts/organization-settings.ts'
import { type Cli, createProgram } from '../app.ts'
import type { ApiClient } from '../client.ts'
import { estateCommands } from './commands.ts'

const SETTINGS: OrganizationSettings = {
  awsOrganizationId: 'aws_one',
  region: null,
  roleArn: 'arn:aws:iam::111111111111:role/Rankan',
  hookBucket: null,
}

/** What the command sent, and what it printed for people. */
async function run(...args: readonly string[]) {
  const sent: unknown[] = []
  const lines: string[] = []
  // Answers every call with the settings.
  const api = {
    get: async (path: string) => {
      sent.push(['GET', path])
      return SETTINGS
    },
    send: async (method: string, path: string, body: { hookBucket: string | null }) => {
      sent.push([method, path, body])
      return { ...SETTINGS, hookBucket: body.hookBucket }
    },
  } as unknown as ApiClient
  const cli: Partial<Cli> = { api, json: false, print: (_, words) => void lines.push(...words()) }
  await createProgram([estateCommands], () => cli as Cli).parseAsync(['node', 'rankan', 'aws-org', ...args])
  return { sent, lines }
}

const PATH = '/api/aws-organizations/aws_one/settings'

describe('rankan aws-org settings', () => {
  it('shows what is set and what comes from the process', async () => {
    const { sent, lines } = await run('settings', 'aws_one')
    expect(sent).toEqual([['GET', PATH]])
    expect(lines).toEqual([
      'region      (of the process)',
      'roleArn     arn:aws:iam::111111111111:role/Rankan',
      'hookBucket  (none: no CloudFormation hooks)',
    ])
  })

  it('names the bucket for hooks and takes it away, each with a reason', async () => {
    const { sent, lines } = await run('set', 'aws_one', 'hookBucket', 'rules', '--reason', 'hooks begin')
    expect(sent).toEqual([['PUT', PATH, { hookBucket: 'rules', reason: 'hooks begin' }]])
    expect(lines.at(-1)).toBe('hookBucket  rules')
    const taken = await run('unset', 'aws_one', 'hookBucket', '--reason', 'hooks end')
    expect(taken.sent).toEqual([['PUT', PATH, { hookBucket: null, reason: 'hooks end' }]])
  })

  it('refuses settings that are not set here', async () => {
    await expect(run('set', 'aws_one', 'roleArn', 'x', '--reason', 'y')).rejects.toThrow(
      '`roleArn` cannot be set here',
    )
  })
})
