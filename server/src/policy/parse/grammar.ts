import type { PolicyKind } from '../policies.ts'

/** What a kind of policy may contain, beyond what all have in common. */
export interface Grammar {
  /** Name for messages. */
  readonly name: string
  readonly principal: 'required' | 'forbidden' | 'everyone'
  readonly notPrincipal: boolean
  readonly notAction: boolean
  /** `optional`: some services' resource policies leave it out and mean the resource itself. */
  readonly resource: 'required' | 'optional' | 'forbidden'
  /** IAM takes only letters and digits in a `Sid` of its own policies; services are freer in theirs. */
  readonly strictSid: boolean
}

/**
 * Sources: IAM User Guide, "Grammar of the IAM JSON policy language"; Organizations User Guide, "SCP syntax" with the
 * full language since 2025-09-19 (AWS Security Blog, "Unlock new possibilities: AWS Organizations service control
 * policy now supports full IAM language"), "RCP syntax". `NotPrincipal` in trust policies: "You cannot use the
 * NotPrincipal element in an IAM identity-based policy nor in an IAM role trust policy."
 */
export const GRAMMARS: Readonly<Record<PolicyKind, Grammar>> = {
  identity: attached('an identity policy'),
  boundary: attached('a permissions boundary'),
  session: attached('a session policy'),
  scp: attached('an SCP'),
  resource: {
    name: 'a resource policy',
    principal: 'required',
    notPrincipal: true,
    notAction: true,
    resource: 'optional',
    strictSid: false,
  },
  trust: {
    name: 'a trust policy',
    principal: 'required',
    notPrincipal: false,
    notAction: true,
    resource: 'forbidden',
    strictSid: true,
  },
  rcp: {
    name: 'an RCP',
    principal: 'everyone',
    notPrincipal: false,
    notAction: false,
    resource: 'required',
    strictSid: true,
  },
}

/** Policies that speak of those to whom they are attached. */
function attached(name: string): Grammar {
  return {
    name,
    principal: 'forbidden',
    notPrincipal: false,
    notAction: true,
    resource: 'required',
    strictSid: true,
  }
}
