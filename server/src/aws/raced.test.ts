import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { HttpResponse } from '@smithy/core/protocols'
import { describe, expect, it } from 'vitest'
import { instrument } from './calls.ts'
import { controlTowerReader } from './controltower/read.ts'
import { registerOu } from './controltower/write.ts'
import { controlTowerClient } from './declared.ts'
import { organizationReader } from './organizations/read.ts'
import { PERMISSION_SETS } from './sso/permission-sets.ts'
import { ensurePermissionSet } from './sso/write.ts'

const OU = 'arn:aws:organizations::123456789012:ou/o-aaaaaaaaaa/ou-aaaa-bbbbbbbb'
const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
const BASELINE = 'arn:aws:controltower:ap-northeast-1::baseline/17BSJV3IGJ2QSGA2'
const CONFLICT = { __type: 'ConflictException', message: 'It exists already.' }

/** Answers each operation by name; `CONFLICT` refuses it. Keeps the names of what was asked. */
function answering(asked: string[], answer: (operation: string) => object) {
  return {
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: { path: string; headers: Record<string, string> }) {
        const operation = request.headers['x-amz-target']?.split('.').at(-1) ?? request.path.slice(1)
        asked.push(operation)
        const reply = answer(operation)
        const body = Buffer.from(JSON.stringify(reply))
        return {
          response: new HttpResponse({ statusCode: reply === CONFLICT ? 409 : 200, headers: {}, body }),
        }
      },
    },
  }
}

/** Two workers look at the same moment, both see nothing, and AWS refuses the second one. */
describe('what another worker made a moment ago', () => {
  it('is taken as it is: a permission set', async () => {
    const asked: string[] = []
    const replies: Readonly<Record<string, () => object>> = {
      ListPermissionSets: () => ({ PermissionSets: asked.includes('CreatePermissionSet') ? [SET] : [] }),
      CreatePermissionSet: () => CONFLICT,
      DescribePermissionSet: () => ({ PermissionSet: { Name: PERMISSION_SETS.Admin.name } }),
    }
    const client = new SSOAdminClient(answering(asked, (operation) => replies[operation]?.() ?? {}))
    instrument(client, {})
    expect(await ensurePermissionSet(client, 'arn:aws:sso:::instance/ssoins-1', PERMISSION_SETS.Admin)).toBe(
      SET,
    )
    expect(asked.filter((one) => one === 'CreatePermissionSet')).toHaveLength(1)
  })

  it('is a conflict while AWS does not show it yet', async () => {
    const replies: Readonly<Record<string, object>> = {
      ListPermissionSets: { PermissionSets: [] },
      CreatePermissionSet: CONFLICT,
    }
    const client = new SSOAdminClient(answering([], (operation) => replies[operation] ?? {}))
    instrument(client, {})
    await expect(
      ensurePermissionSet(client, 'arn:aws:sso:::instance/ssoins-1', PERMISSION_SETS.Admin),
    ).rejects.toMatchObject({ kind: 'conflict', code: 'permission_set_not_visible_yet' })
  })

  it.each([
    ['is taken as it is: the baseline of an OU', true],
    ['is a conflict still where other work on OUs was in the way', false],
  ])('%s', async (_, registered) => {
    const asked: string[] = []
    const client = controlTowerClient(answering(asked, () => CONFLICT))
    instrument(client, {})
    const organization = organizationReader(new OrganizationsClient(answering([], () => ({}))))
    const tower = {
      ...controlTowerReader(client, organization, false),
      arnOf: async () => OU,
      accountBaseline: async () => BASELINE,
      versionInUse: async () => '4.0',
      enabledIdentity: async () => null,
      enabledOn: async () => (registered && asked.length > 0 ? { arn: `${BASELINE}/1` } : null),
    }
    const done = registerOu(client, tower, 'ou-aaaa-bbbbbbbb')
    if (registered) await expect(done).resolves.toBeUndefined()
    else await expect(done).rejects.toMatchObject({ kind: 'conflict', code: 'ConflictException' })
    expect(asked).toEqual(['enable-baseline'])
  })
})
