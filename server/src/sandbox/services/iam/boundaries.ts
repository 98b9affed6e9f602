/** Permissions boundaries of users and roles: a managed policy that their permissions cannot exceed. */
import type { Call, Handler } from '../../core/contract.ts'
import { holderKey, type PolicyHolder, roles, users } from '../../core/principals.ts'
import * as c from './common.ts'

function bounded<T extends PolicyHolder>(holder: T, arn: string | null): T {
  const { boundary: _, ...rest } = holder
  return (arn === null ? rest : { ...rest, boundary: arn }) as T
}

function setUser(call: Call<{ UserName: string; PermissionsBoundary?: string }>, arn: string | null): void {
  const user = c.userOf(call, call.input.UserName)
  if (arn === null && user.boundary === undefined) throw noBoundary(user.name)
  users(call.world).put(holderKey(user.accountId, user.name), bounded(user, arn))
}

function setRole(call: Call<{ RoleName: string; PermissionsBoundary?: string }>, arn: string | null): void {
  const role = c.roleOf(call, call.input.RoleName)
  if (arn === null && role.boundary === undefined) throw noBoundary(role.name)
  roles(call.world).put(holderKey(role.accountId, role.name), bounded(role, arn))
}

const noBoundary = (name: string) => c.noSuchEntity(`${name} does not have a permission boundary.`)

const put =
  <I extends { PermissionsBoundary: string }>(set: (call: Call<I>, arn: string) => void) =>
  (call: Call<I>): void => {
    c.checkPolicyExists(call.world, call.input.PermissionsBoundary)
    set(call, call.input.PermissionsBoundary)
  }

export const operations: Record<string, Handler> = {
  PutUserPermissionsBoundary: put<{ UserName: string; PermissionsBoundary: string }>(setUser),
  DeleteUserPermissionsBoundary: (call: Call<{ UserName: string }>) => setUser(call, null),
  PutRolePermissionsBoundary: put<{ RoleName: string; PermissionsBoundary: string }>(setRole),
  DeleteRolePermissionsBoundary: (call: Call<{ RoleName: string }>) => setRole(call, null),
}
