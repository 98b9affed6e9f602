import { ACCESS, type Access } from '../domain/access/table.ts'

/** The Cedar text of the access table; committed as `policies/permits.cedar`, compared by a test. */
export function permitsText(table: Readonly<Record<string, Access>> = ACCESS): string {
  const policies = Object.entries(table).map(
    ([action, { roles }]) =>
      `@id("${action}")\npermit (principal, action == Action::"${action}", resource)\nwhen { ${roles
        .map((role) => `principal in Role::"${role}"`)
        .join(' || ')} };`,
  )
  return `// Written by tools/generate.mjs out of server/src/domain/access/table.ts. Do not edit.\n\n${policies.join('\n\n')}\n`
}
