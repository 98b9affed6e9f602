import { ipContains, parseIp } from '../condition/ip.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { Policy } from '../policies.ts'
import { warning } from './warn.ts'

// Source: RFC 1918 and RFC 4193; IAM User Guide, "IAM policy validation check reference" (Private IP address).
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].flatMap(
  (text) => parseIp(text) ?? [],
)

/** `aws:SourceIp` is the address that AWS sees, which is never a private one. */
export const lintPrivateAddresses = ({ statements }: Policy): readonly PolicyProblem[] =>
  statements.flatMap(({ conditions }) =>
    conditions.flatMap(({ key, values, place }) => {
      const found = key.toLowerCase() === 'aws:sourceip' ? values.find(isPrivate) : undefined
      return found === undefined
        ? []
        : [
            warning(
              place,
              'private_address',
              `\`${found}\` is a private address, and \`${key}\` is the one that AWS sees: no request has it.`,
              'Use the public address, or `aws:VpcSourceIp` for requests through a VPC endpoint.',
            ),
          ]
    }),
  )

function isPrivate(text: string): boolean {
  const address = parseIp(text)
  return address !== null && PRIVATE.some((range) => ipContains(range, address))
}
