import { expect, it } from 'vitest'
import { againstLibrary } from '../../catalog/imports/imported.ts'
import { inPlaceLibrary } from '../../catalog/imports/in-place.ts'
import { readLibrary } from './library.ts'

const library = readLibrary().filter(({ record }) =>
  ['no-iam-users', 'no-access-keys', 'ebs-encrypted'].includes(record.id),
)
const arn = (name: string) => `arn:aws:controlcatalog:::control/${name}`
const enabled = (alias: string, target: string, status: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED') => ({
  arn: `${alias}-${target}`,
  control: arn(alias),
  target,
  status,
  drift: 'IN_SYNC' as const,
  parameters: {},
})
const policy = (name: string, statement: object, targets: readonly string[]) => ({
  id: `p-${name}`,
  kind: 'scp' as const,
  name,
  description: '',
  awsManaged: false,
  document: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  targets,
})

it('tells what is on, where, and which control of ours does the same', () => {
  const found = inPlaceLibrary(
    {
      policies: {
        kinds: ['scp'],
        policies: [
          policy('hand', { Effect: 'Deny', Action: ['iam:*'], Resource: '*' }, ['ou-1']),
          policy('else', { Effect: 'Deny', Action: ['s3:GetObject'], Resource: '*' }, ['r-1']),
          { ...policy('FullAWSAccess', {}, ['r-1']), awsManaged: true },
        ],
      },
      tower: {
        offered: { 'AWS-GR_ENCRYPTED_VOLUMES': arn('AWS-GR_ENCRYPTED_VOLUMES') },
        enabled: [
          enabled('AWS-GR_ENCRYPTED_VOLUMES', 'ou-2'),
          enabled('AWS-GR_ENCRYPTED_VOLUMES', 'ou-1', 'FAILED'),
          enabled('unheard', 'ou-1'),
        ],
      },
      packs: null,
    },
    library,
    'aws_x',
    '2026-11-22T00:00:00.000Z',
  )
  expect(found.controls.map(({ id, type, on }) => [id, type, on])).toEqual([
    ['AWS-GR_ENCRYPTED_VOLUMES', 'detective', ['ou-2']],
    [arn('unheard'), null, ['ou-1']],
    ['scp:else', 'preventive', ['r-1']],
    ['scp:hand', 'preventive', ['ou-1']],
  ])
  expect(found.notes.some((note) => note.includes('FAILED'))).toBe(true)
  const difference = againstLibrary(found, library)
  expect(difference.onlyThere).toEqual([arn('unheard'), 'scp:else'])
  expect(difference.both.find(({ id }) => id === 'scp:hand')?.ours).toContain('no-iam-users')
  expect(difference.both.find(({ id }) => id === 'AWS-GR_ENCRYPTED_VOLUMES')?.ours).toEqual(['ebs-encrypted'])
})
