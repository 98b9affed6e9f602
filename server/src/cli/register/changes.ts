import { organisation, type Read, share, text } from './values.ts'

/** One field of what is sent. It must be given, may be given again and again, or is null. */
export interface Field {
  readonly name: string
  readonly is: string
  readonly read: Read
  readonly given: 'once' | 'often' | 'or_null'
}

/** A change of the register: a command with its arguments, and the request with a `{}` for each of them. */
export interface RegisterChange {
  readonly command: string
  readonly does: string
  readonly asks: `${'POST' | 'PUT' | 'DELETE'} ${string}`
  readonly fields: readonly Field[]
}

const one = (name: string, is: string, read: Read = text): Field => ({ name, is, read, given: 'once' })
const often = (name: string, is: string, read: Read = text): Field => ({ name, is, read, given: 'often' })
const orNull = (name: string, is: string): Field => ({ name, is, read: text, given: 'or_null' })

const FROM = one('from', 'first day, as 2026-04-01')
const OVER = one('day', 'first day on which it is over, as 2026-04-01')
const TENANTS = often('tenants', 'a tenant and its share in per cent, `132012=12.5`; again for more', share)
const SYSTEMS = often('systemIds', 'a system that it covers (`sys_…`); again for more')
const NAMES = [one('nameJa', 'Japanese name'), one('nameEn', 'English name')]
const AREA = orNull('businessArea', 'business area')
const PERSON = [
  one('email', 'e-mail address'),
  one('nameJa', 'name in Japanese'),
  one('firstName', 'first name in Latin letters'),
  one('lastName', 'last name in Latin letters'),
]

/** Everything that the forms of an organisation's page write, delegations, exceptions and mails. */
export const REGISTER_CHANGES: readonly RegisterChange[] = [
  {
    command: 'system add <organisation>',
    does: 'register a system, in single use or shared by tenants',
    asks: 'POST /api/organisations/{}/systems',
    fields: [
      one('code', 'short code in small letters'),
      ...NAMES,
      AREA,
      one('useMode', 'single or shared'),
      orNull('separation', 'of shared use: application, network or account'),
      FROM,
      TENANTS,
    ],
  },
  {
    command: 'system change <system>',
    does: 'another name or business area from a day on; the earlier one stays as history',
    asks: 'PUT /api/systems/{}',
    fields: [...NAMES, AREA, FROM],
  },
  {
    command: 'system share <system>',
    does: "the tenants' shares from a day on; they sum to 100 %",
    asks: 'PUT /api/systems/{}/tenants',
    fields: [FROM, TENANTS],
  },
  { command: 'system end <system>', does: 'end a system', asks: 'POST /api/systems/{}/end', fields: [OVER] },
  {
    command: 'contract add <organisation>',
    does: 'register a contract with an operator company',
    asks: 'POST /api/organisations/{}/contracts',
    fields: [
      one('number', 'number of the contract'),
      one('operatorId', 'the company, by code or id', organisation),
      one('role', 'operator, integrated_operator or asp'),
      FROM,
      one('to', 'first day after it'),
      SYSTEMS,
    ],
  },
  {
    command: 'contract change <contract>',
    does: 'another end and other systems; roles under it end with it at the latest',
    asks: 'PUT /api/contracts/{}',
    fields: [one('to', 'first day after it'), SYSTEMS],
  },
  {
    command: 'contract end <contract>',
    does: 'end a contract early, and the roles under it',
    asks: 'POST /api/contracts/{}/end',
    fields: [OVER],
  },
  {
    command: 'contact set <organisation>',
    does: 'the contact for a purpose from a day on',
    asks: 'PUT /api/organisations/{}/contacts',
    fields: [
      one('purpose', 'security, operations or billing'),
      one('email', 'a group address'),
      one('phone', 'telephone number'),
      FROM,
    ],
  },
  {
    command: 'contact reached <contact>',
    does: 'whether a contact was reached',
    asks: 'PUT /api/contacts/{}/reachability',
    fields: [one('reachability', 'reachable, dead or unverified')],
  },
  {
    command: 'contact end <contact>',
    does: 'end a contact without a new one',
    asks: 'POST /api/contacts/{}/end',
    fields: [OVER],
  },
  {
    command: 'person add <organisation>',
    does: 'register a person',
    asks: 'POST /api/organisations/{}/people',
    fields: [one('userName', 'who the person is at sign-in'), ...PERSON, FROM],
  },
  {
    command: 'person change <person>',
    does: 'put a name or address right',
    asks: 'PUT /api/people/{}',
    fields: PERSON,
  },
  {
    command: 'person leave <person>',
    does: 'the person leaves',
    asks: 'POST /api/people/{}/leave',
    fields: [OVER],
  },
  {
    command: 'role give <organisation>',
    does: 'give a person a role there; under a contract it ends with the contract',
    asks: 'POST /api/organisations/{}/grants',
    fields: [
      one('personId', 'the person (`per_…`)'),
      one('role', 'organisation_owner, project_office, operator_company, asp or billing_reader'),
      orNull('contractId', 'the contract that it is under (`con_…`)'),
      FROM,
      orNull('to', 'first day after it'),
    ],
  },
  { command: 'role end <grant>', does: 'end a role', asks: 'POST /api/grants/{}/end', fields: [OVER] },
  {
    command: 'delegation add',
    does: 'hand your approvals over while you are absent',
    asks: 'POST /api/delegations',
    fields: [
      one('toPersonId', 'who decides meanwhile, see `rankan delegation candidates`'),
      one('firstDay', 'first day'),
      one('lastDay', 'last day'),
      one('reason', 'why'),
    ],
  },
  {
    command: 'delegation end <delegation>',
    does: 'take a delegation back',
    asks: 'DELETE /api/delegations/{}',
    fields: [],
  },
  {
    command: 'exception renew <application> <rule>',
    does: 'let an exception from a rule of an application hold longer',
    asks: 'PUT /api/applications/{}/exceptions/{}',
    fields: [one('reason', 'why'), one('expiresOn', 'last day, as 2026-04-01')],
  },
  {
    command: 'mail retry <mail>',
    does: 'give a dead mail its attempts again',
    asks: 'POST /api/mail/{}/retry',
    fields: [],
  },
  {
    command: 'notice read',
    does: 'mark all notices as read',
    asks: 'POST /api/notifications/read',
    fields: [],
  },
]

/** Lists that belong to them. */
export const REGISTER_LISTS: readonly { readonly command: string; does: string; path: string }[] = [
  { command: 'delegation list', does: 'who decides for whom', path: '/api/delegations' },
  {
    command: 'delegation candidates',
    does: 'colleagues who may stand in for you',
    path: '/api/delegations/candidates',
  },
  { command: 'mail list', does: 'mails that wait, were sent, or are dead', path: '/api/mail' },
  { command: 'notice list', does: 'what you were told', path: '/api/notifications' },
]
