/** The estate of the demo, and what a client must know to use it. */
import type { World } from '../core/contract.ts'
import { accessKeys } from '../core/principals.ts'
import { ensureBucket } from '../services/s3/index.ts'
import {
  ensureRankanUser,
  hookBucketOf,
  type OrganizationSpec,
  putRankanRole,
  type SeededOrganization,
  seeded,
  seedOrganization,
} from './organization.ts'

/** OUs by environment, as Government Cloud places systems. */
export const ENVIRONMENT_OUS = ['Production', 'Staging', 'Development', 'Operation'] as const

export const DEMO: readonly OrganizationSpec[] = [
  {
    name: 'Government Cloud',
    landingZone: true,
    engine: 'account_factory',
    homeRegion: 'ap-northeast-1',
    ouNames: ENVIRONMENT_OUS,
    emailDomain: 'gov-cloud.example.jp',
  },
  {
    name: 'Prefecture Cloud',
    landingZone: false,
    engine: 'auto_enrolment',
    homeRegion: 'ap-northeast-1',
    ouNames: ENVIRONMENT_OUS,
    emailDomain: 'pref-cloud.example.jp',
  },
]

export interface SandboxCredentials {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly organizations: readonly (SeededOrganization & {
    readonly hookBucket: string
    /** A person with AdministratorAccess in the management account, to act beside Rankan (drift, training). */
    readonly admin: { readonly accessKeyId: string; readonly secretAccessKey: string }
  })[]
}

/** Seeds an empty estate; on a later start only brings the role's policy up to date. */
export function seedDemo(world: World, allowedActions: readonly string[], estate: 'demo' | 'empty'): void {
  const known = [...seeded(world).values()]
  for (const organization of known) {
    putRankanRole(world, organization, allowedActions)
    // Data of older versions have none.
    ensureBucket(world, hookBucketOf(organization), organization.managementAccountId, organization.homeRegion)
  }
  if (known.length === 0 && estate === 'demo')
    for (const spec of DEMO) seedOrganization(world, spec, allowedActions)
}

export function credentialsOf(world: World, endpoint: string): SandboxCredentials {
  const user = ensureRankanUser(world)
  const secretOf = (accessKeyId: string) => accessKeys(world).get(accessKeyId)?.secretAccessKey ?? ''
  return {
    endpoint,
    accessKeyId: user?.accessKeyId ?? '',
    secretAccessKey: user ? secretOf(user.accessKeyId) : '',
    organizations: [...seeded(world).values()].map((organization) => ({
      ...organization,
      hookBucket: hookBucketOf(organization),
      admin: {
        accessKeyId: organization.adminAccessKeyId,
        secretAccessKey: secretOf(organization.adminAccessKeyId),
      },
    })),
  }
}
