import type { Json } from '../../kernel/json.ts'
import { member, members, text } from './event.ts'
import type { KeyFacts } from './facts.ts'
import type { Caller } from './principal.ts'

/** The members of a record that tell where a call came from. */
export interface Origin {
  readonly sourceIPAddress: string
  readonly userAgent: string
  readonly vpcEndpointId: string
  readonly vpcEndpointAccountId: string
  readonly tlsDetails: Json
}

/** CloudTrail cuts user agents at 1 KB; what is that long is not known whole. */
const USER_AGENT_CHARS = 1000

/** Keys of network, transport and chain of services (facts/policy.md, table 7). */
export function networkKeys(
  origin: Origin,
  caller: Pick<Caller, 'via' | 'viaService'> & { isService: boolean },
): KeyFacts {
  return {
    ...addressKeys(origin),
    ...transportKeys(origin.tlsDetails),
    ...chainKeys(caller),
    ...(origin.userAgent !== '' && origin.userAgent.length < USER_AGENT_CHARS
      ? { 'aws:useragent': [origin.userAgent] }
      : {}),
  }
}

function addressKeys(origin: Origin): KeyFacts {
  const endpoint = origin.vpcEndpointId
  const address = isAddress(origin.sourceIPAddress) ? [origin.sourceIPAddress] : undefined
  if (endpoint !== '')
    return {
      'aws:sourceip': null,
      'aws:sourcevpce': [endpoint],
      ...(address === undefined ? {} : { 'aws:vpcsourceip': address }),
      ...(origin.vpcEndpointAccountId === '' ? {} : { 'aws:vpceaccount': [origin.vpcEndpointAccountId] }),
    }
  return {
    ...(address === undefined ? {} : { 'aws:sourceip': address }),
    'aws:sourcevpce': null,
    'aws:sourcevpc': null,
    'aws:sourcevpcarn': null,
    'aws:vpcsourceip': null,
    'aws:vpceaccount': null,
    'aws:vpceorgid': null,
    'aws:vpceorgpaths': null,
  }
}

/** IPv4 or IPv6; anything else in `sourceIPAddress` is the name of a service. */
export const isAddress = (value: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(value) || (/^[0-9a-fA-F:.]+$/.test(value) && value.includes(':'))

function transportKeys(tlsDetails: Json): KeyFacts {
  const version = /^TLSv(1(?:\.\d)?)$/.exec(text(member(members(tlsDetails), 'tlsVersion')))?.[1]
  if (version === undefined) return {}
  return { 'aws:securetransport': ['true'], 's3:tlsversion': [version === '1' ? '1.0' : version] }
}

function chainKeys(caller: Pick<Caller, 'via' | 'viaService'> & { isService: boolean }): KeyFacts {
  const chain: KeyFacts =
    caller.viaService === 'no'
      ? {
          'aws:viaawsservice': ['false'],
          'aws:calledvia': null,
          'aws:calledviafirst': null,
          'aws:calledvialast': null,
        }
      : caller.viaService === 'yes'
        ? {
            'aws:viaawsservice': ['true'],
            ...(caller.via?.includes('.') ? { 'aws:calledvialast': [caller.via] } : {}),
          }
        : {}
  if (caller.isService) return chain
  return {
    ...chain,
    'aws:sourcearn': null,
    'aws:sourceaccount': null,
    'aws:sourceorgid': null,
    'aws:sourceorgpaths': null,
  }
}
