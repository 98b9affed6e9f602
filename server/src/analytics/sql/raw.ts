import { DENIED } from '../../policy/trail/requests.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'
import { type Dialect, literal } from './dialect.ts'
import type { EventRow } from './events.ts'
import type { Source } from './keys.ts'
import { hasTags, type ParameterKeys, parameterSources } from './parameter-keys.ts'
import { firstValues } from './parameters.ts'
import { ANY_ENTRY, arnOf, ownerOf, resourcesSql, typeOf, UNKNOWN_ENTRY } from './resources.ts'
import { and, choose, not, or, TRUE } from './truth.ts'

/**
 * The organisation trail as AWS delivers it, read by SQL: one row for each check of an event and each resource, with the
 * columns that the policies are asked of. The record tells WHO, WHERE, WHICH ACTION and WHAT as `policy/trail` tells it;
 * where SQL cannot read it so, it is unknown. So an answer is that of the facts, or unknown.
 */
export interface RawTrail {
  /** Table of the trail, as `deploy/athena/trail.sql` makes it. */
  readonly trail: string
  /** Table of what events stand for, as `rankan policy events` writes it. */
  readonly events: string
}

export interface RawOptions extends RawTrail {
  readonly dialect: Dialect
  readonly tables: TrailTables
  readonly since?: string | null
  readonly until?: string | null
  /** Whether a policy asks for resources, their owners, or keys of parameters: else they are not looked for. */
  readonly resources: boolean
}

const text = (column: string) => `coalesce(${column}, '')`
const NULL = 'cast(null as varchar)'

/** Members of the record as columns that are never null, then who called, then one row for each check of a resource. */
export function rawSteps(options: RawOptions): readonly (readonly [string, string])[] {
  const { dialect, events, resources } = options
  const entries = resources
    ? resourcesSql(dialect)
    : `(case when whole = 1 then ${dialect.one(ANY_ENTRY)} else ${dialect.one(UNKNOWN_ENTRY)} end)`
  return [
    ['records', recordsSql(options)],
    ['told', `select *,\n  ${blindColumns(dialect)},\n  ${callerColumns(dialect)}\n  from records`],
    ['named', `select *,\n  ${nameColumns()}\n  from told`],
    [
      'matched',
      `select r.*, e.name as listed_name, e.check_no as listed_no, e.kind as made, e.action, e.whole, e.several, e.types, e.passed_to,
  e.asked as asked_if, e.given, e.choices, ${valuesSql(dialect)} as given_values
  from named r left join ${events} e on e.source = r.source and e.name = r.event_name`,
    ],
    [
      'asked',
      `select *,\n  ${askedSql(dialect)} as sure, ${numberSql(dialect)} as base_no, ${unjudgedSql(dialect)} as unjudged\n  from matched`,
    ],
    ['found', `select *,\n  ${entries} as entries\n  from asked where sure > 0`],
    [
      'parts',
      `select f.*, cast(f.base_no * 10000 + u.n - 1 as integer) as check_no, (case when f.sure = 2 then 'perhaps' else 'direct' end) as kind,
  (f.made = 'direct' and not f.blind and not f.withheld) as readable, ${typeOf('u.entry')} as rtype, ${arnOf('u.entry')} as arn, ${ownerOf('u.entry')} as owner,
  false as begun,
  ${seenSql()} as seen, ${viaSql(dialect)} as via,
  coalesce(parn, session_arn, service, provider, paccount, ptype) as caller
  from found f cross join unnest(f.entries) with ordinality as u (entry, n)`,
    ],
  ]
}

/** Values that a check hangs on; null when there are none. */
const valuesSql = (dialect: Dialect) =>
  `(case when e.asked in ('value', 'choice') then ${firstValues(dialect, 'params', 'e.given')} end)`

/** Whether AWS makes the check: 0 no, 1 yes, 2 perhaps. What was left out for its size implies nothing, as for the engine. */
function askedSql(dialect: Dialect): string {
  const version = dialect.path("'versionId'")
  const versioned = `(${dialect.jsonIsText('params', version)} and ${dialect.jsonAt('params', version)} not in ('', 'null'))`
  const given = dialect.path(dialect.at('given', 1).concat('.a'))
  const isText = `(${dialect.jsonIsText('params', given)} and ${dialect.jsonAt('params', given)} <> '')`
  const isMember = dialect.jsonHas('params', given)
  const yes = (condition: string, otherwise = '0') => `(case when ${condition} then 1 else ${otherwise} end)`
  return choose(
    [
      ['listed_name is null', '0'],
      ["asked_if = 'always'", '1'],
      ['omitted', yes("asked_if in ('no_version', 'no_member')")],
      ['blind', '2'],
      ["asked_if = 'version'", yes(versioned)],
      ["asked_if = 'no_version'", yes(`not ${versioned}`)],
      ["asked_if = 'member'", yes(isMember)],
      ["asked_if = 'no_member'", yes(`not ${isMember}`)],
      ["asked_if = 'choice'", yes(and([isChosen(dialect), chooses(dialect, 'own')]))],
      ["asked_if = 'value'", yes('given_values is not null')],
      ["asked_if = 'text'", yes(isText)],
      [hasTags(dialect), '2'],
    ],
    '0',
  )
}

/** Whether some of the values choose an action of `own`, or of those before it. */
const chooses = (dialect: Dialect, which: keyof EventRow['choices']) =>
  `${dialect.length(dialect.keep(`coalesce(given_values, ${dialect.empty})`, 'g', dialect.has(`choices.${which}`, 'g')))} > 0`

/** Whether all values choose some action; of one that chooses none, the engine takes the rest for a part of the whole. */
function isChosen(dialect: Dialect): string {
  const others = (['own', 'before', 'behind'] as const).map((which) =>
    not(dialect.has(`choices.${which}`, 'g')),
  )
  const strange = dialect.keep(`coalesce(given_values, ${dialect.empty})`, 'g', and(others))
  return and(['given_values is not null', `${dialect.length(strange)} = 0`])
}

/** Number of the check. Each call that is judged has one number 0, by which it is counted. */
const numberSql = (dialect: Dialect): string =>
  choose(
    [
      ["asked_if in ('version', 'member')", `(case when blind then listed_no + ${OTHER_NO} else 0 end)`],
      [`asked_if = 'choice' and not blind and not (${chooses(dialect, 'before')})`, '0'],
    ],
    'listed_no',
  )
/** More than any event has checks. */
const OTHER_NO = 1_000

/** The one row of a record of which no check is known: its event is not in the table, or its parameters choose none. */
const unjudgedSql = (dialect: Dialect): string =>
  or([
    'listed_name is null',
    and([
      "asked_if = 'choice'",
      'listed_no = 0',
      or(['omitted', and(['not blind', not(isChosen(dialect))])]),
    ]),
  ])

function recordsSql({ dialect, trail, tables, since, until }: RawOptions): string {
  const user = (member: string) => text(`useridentity.${member}`)
  const session = (member: string) => user(`sessioncontext.${member}`)
  const params = dialect.json('requestparameters')
  const suffix = literal(tables.actions.versionSuffix.pattern)
  const at = `(${dialect.tryIsoMs('eventtime')} / 1000)`
  const days = [
    ...(since ? [`day >= ${literal(since.replaceAll('-', '/'))}`, `eventtime >= ${literal(since)}`] : []),
    // Files of a day hold the last events of the day before; a delivery may be late by hours.
    ...(until
      ? [`day <= ${literal(dayAfter(until).replaceAll('-', '/'))}`, `eventtime < ${literal(dayAfter(until))}`]
      : []),
  ]
  return `select eventid as shape, eventid as sample, substr(eventtime, 1, 10) as day, 1 as calls,
  cast(${at} as bigint) as first_s, cast(${at} as bigint) as last_s, ${text('awsregion')} as region,
  ${text('recipientaccountid')} as recipient, (${text('sharedeventid')} <> '') as shared,
  regexp_replace(${text('eventsource')}, '\\.amazonaws\\.com(\\.cn)?$', '') as source,
  regexp_replace(${text('eventname')}, ${suffix}, '') as event_name,
  ${user('type')} as utype, ${user('principalid')} as user_id, ${user('arn')} as uarn, ${user('accountid')} as uaccount,
  ${user('invokedby')} as invoked_by, ${user('username')} as user_name, ${user('identityprovider')} as provider_name,
  (useridentity.sessioncontext is null) as no_session,
  ${session('sessionissuer.arn')} as issuer, ${session('attributes.mfaauthenticated')} as mfa,
  ${session('attributes.creationdate')} as created, ${session('sourceidentity')} as source_identity,
  ${session('ec2roledelivery')} as role_delivery, ${session('webidfederationdata.federatedprovider')} as federated_provider,
  ${session('assumedroot')} as assumed_root,
  ${text('sourceipaddress')} as source_ip, ${text('useragent')} as user_agent, ${text('vpcendpointid')} as vpce,
  ${text('vpcendpointaccountid')} as vpce_account, ${text('tlsdetails.tlsversion')} as tls,
  resources, coalesce(${params}, '{}') as params, (requestparameters is not null and ${params} is null) as unread,
  (requestparameters is null) as withheld,
  (case when ${dialect.matches(text('errorcode'), `.*(${DENIED.source}).*`)} then 1 else 0 end) as already
  from ${trail} t
  where ${[`${text('eventtype')} in (${['', ...tables.actions.eventTypes.calls].map(literal).join(', ')})`, ...days].join('\n    and ')}`
}

/** Parameters that tell nothing: left out for their size, no JSON, or within a member of their own (`XRequest` of EC2). */
function blindColumns(dialect: Dialect): string {
  const omitted = `coalesce(${dialect.jsonAt('params', dialect.path("'omitted'"))} = 'true', false)`
  const wrapped = `position('"' || event_name || 'Request"' in params) > 0`
  return `${omitted} as omitted, (${omitted} or unread or ${wrapped}) as blind`
}

const dayAfter = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

const TYPES: readonly (readonly [string, string])[] = [
  ['Root', 'root'],
  ['IAMUser', 'user'],
  ['AssumedRole', 'role'],
  ['Role', 'role'],
  ['FederatedUser', 'federated_user'],
  ['AWSService', 'service'],
  ['AWSAccount', 'account'],
  ['WebIdentityUser', 'web_identity'],
  ['SAMLUser', 'saml'],
]

/** `typeOf`, `accountIn` and `roleOf` of `policy/trail/principal.ts`. */
function callerColumns(dialect: Dialect): string {
  const inArn = (column: string) => {
    const part = dialect.splitPart(column, ':', 5)
    return `(case when ${dialect.matches(text(part), '\\d{12}')} then ${part} else ${NULL} end)`
  }
  const type = choose(
    [
      ["(lower(uaccount) like 'anonymous%' or lower(user_id) = 'anonymous')", "'anonymous'"],
      ...TYPES.map(([name, found]) => [`utype = ${literal(name)}`, literal(found)] as const),
      ["(utype = '' and invoked_by <> '')", "'service'"],
    ],
    "'unknown'",
  )
  const role = choose(
    [
      ["issuer <> ''", 'issuer'],
      [dialect.matches('uarn', 'arn:[^:]*:iam:.*'), 'uarn'],
    ],
    NULL,
  )
  const account = `(case when ${dialect.matches('uaccount', '\\d{12}')} then uaccount else ${inArn('uarn')} end)`
  return `${type} as ctype, ${role} as crole, ${account} as caccount, ${inArn(`coalesce(${role}, '')`)} as role_account,
  (case when uarn like '%:assumed-role/%' then uarn else ${NULL} end) as csession`
}

const NOBODY = "ctype in ('service', 'anonymous', 'web_identity', 'saml')"

function nameColumns(): string {
  const role = (value: string, other: string) => `(case when ctype = 'role' then ${value} else ${other} end)`
  const linked = "coalesce(crole like '%:role/aws-service-role/%', false)"
  const arn = `(case when ${NOBODY} or ctype = 'unknown' or uarn = '' then ${NULL} else uarn end)`
  return `(case when ctype = 'role' and ${linked} then 'service_linked_role' else ctype end) as ptype,
  ${role('crole', arn)} as parn, ${role('csession', NULL)} as session_arn,
  (case when ${NOBODY} then ${NULL} else ${role('coalesce(caccount, role_account)', 'caccount')} end) as paccount,
  (case when ctype = 'service' then invoked_by else ${NULL} end) as service,
  (case when ctype not in ('web_identity', 'saml') then ${NULL} when provider_name <> '' then provider_name
    when position(':' in user_id) > 0 then substr(user_id, 1, position(':' in user_id) - 1) else user_id end) as provider,
  (case when recipient <> '' then recipient else ${text('caccount')} end) as account`
}

/** `viewOf`: 0 both, 1 the caller's copy, 2 the owner's. */
const seenSql = () =>
  `(case when recipient = '' or paccount is null then (case when shared then 2 else 0 end)
    when recipient <> paccount then 2 when shared then 1 else 0 end)`

/** `viaOf`: `yes`, `no` or `unknown`. */
const viaSql = (dialect: Dialect) =>
  `(case when not (${dialect.matches('invoked_by', '.*\\.amazonaws\\.com(\\.cn)?')} or invoked_by = 'AWS Internal') then 'no'
    when ptype in ('service', 'service_linked_role') then 'no' when invoked_by = 'signin.amazonaws.com' then 'unknown'
    when ${text('parn')} like '%:role/service-role/%' then 'unknown' else 'yes' end)`

/** What the record tells of a key: `identityKeys`, `sessionKeys` and `networkKeys`, column by column. */
export function rawSources(key: string, parameters: ParameterKeys): readonly Source[] {
  const { dialect } = parameters
  const known = (tells: string, value: string): Source => ({ tells, values: dialect.one(value), known: TRUE })
  const absent = (tells: string): Source => ({ tells, values: dialect.noTexts, known: 'false' })
  const filled = (column: string): Source => known(`${text(column)} <> ''`, column)
  if (key.startsWith('aws:principaltag/')) return [absent("ptype in ('service', 'anonymous', 'root')")]
  const find = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
  return find === undefined ? parameterSources(key, parameters) : find({ known, absent, filled, dialect })
}

/** Keys of caller, network and Region: neither parameters nor resources are asked for them. */
export const isToldWithoutParameters = (key: string): boolean =>
  Object.hasOwn(KEYS, key) || key.startsWith('aws:principaltag/') || ELSEWHERE.has(key)
const ELSEWHERE: ReadonlySet<string> = new Set([
  'aws:requestedregion',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'ec2:region',
  'kms:calleraccount',
])

interface Tell {
  readonly known: (tells: string, value: string) => Source
  readonly absent: (tells: string) => Source
  readonly filled: (column: string) => Source
  readonly dialect: Dialect
}

/** Without AWS's signature: `policy/trail/principal.ts`. */
const isUnsigned = "ptype in ('anonymous', 'web_identity', 'saml')"
const PRINCIPAL_TYPES = `(case when ptype = 'root' then 'Account' when ptype = 'user' then 'User' when ptype in ('role', 'service_linked_role') then 'AssumedRole'
    when ptype = 'federated_user' then 'FederatedUser' when ptype = 'anonymous' then 'Anonymous' else '' end)`
const isLongTerm = "(no_session and ptype not in ('role', 'federated_user', 'unknown', 'account'))"
/** A session of which nothing that we know of is written may be empty, which means something else. */
const isSession =
  "(mfa <> '' or created <> '' or issuer <> '' or source_identity <> '' or federated_provider <> '' or assumed_root <> '')"
const isSeen = or([isLongTerm, isSession])
const noEndpoint = "vpce = ''"
const isChained = "via = 'no'"
const isOwnCall = "ptype <> 'service'"

const isAddress = (dialect: Dialect) =>
  or([
    dialect.matches('source_ip', '\\d{1,3}(\\.\\d{1,3}){3}'),
    and([dialect.matches('source_ip', '[0-9a-fA-F:.]+'), "source_ip like '%:%'"]),
  ])
const withoutEndpoint = ({ absent }: Tell) => [absent(noEndpoint)]
const withoutChain = ({ absent }: Tell) => [absent(isChained)]
const unlessService = ({ absent }: Tell) => [absent(isOwnCall)]

const KEYS: Readonly<Record<string, (tell: Tell) => readonly Source[]>> = {
  'aws:principalisawsservice': ({ known, absent }) => [
    absent(isUnsigned),
    known("ptype <> 'unknown'", "(case when ptype = 'service' then 'true' else 'false' end)"),
  ],
  'aws:principalarn': ({ filled, absent }) => [filled('parn'), absent(or(["ptype = 'service'", isUnsigned]))],
  'aws:principalaccount': ({ known, filled, absent }) => [
    known("ptype = 'anonymous'", "'anonymous'"),
    filled('paccount'),
    absent("ptype = 'service'"),
  ],
  'aws:principaltype': ({ filled, absent }) => [filled(PRINCIPAL_TYPES), absent("ptype = 'service'")],
  'aws:userid': ({ filled, absent }) => [filled('user_id'), absent("ptype = 'service'")],
  'aws:username': ({ known, absent }) => [
    known("(ptype = 'user' and user_name <> '')", 'user_name'),
    absent("ptype not in ('user', 'unknown')"),
  ],
  'aws:principalservicename': ({ filled, absent }) => [filled('service'), absent("ptype <> 'service'")],
  'aws:multifactorauthpresent': ({ filled, absent }) => [filled('mfa'), absent(isLongTerm)],
  'aws:sourceidentity': ({ filled, absent }) => [filled('source_identity'), absent(isSeen)],
  'ec2:roledelivery': ({ known, absent, dialect }) => [
    known(
      "role_delivery <> ''",
      `(case when ${dialect.matches('role_delivery', '\\d+')} then role_delivery || '.0' else role_delivery end)`,
    ),
    absent(isSeen),
  ],
  'aws:federatedprovider': ({ filled, absent }) => [filled('federated_provider'), absent(isSeen)],
  'aws:assumedroot': ({ filled, absent }) => [
    filled('assumed_root'),
    absent(or(["ptype <> 'root'", isSeen])),
  ],
  'aws:sourceip': ({ known, absent, dialect }) => [
    absent(not(noEndpoint)),
    known(isAddress(dialect), 'source_ip'),
  ],
  'aws:sourcevpce': ({ filled, absent }) => [filled('vpce'), absent(noEndpoint)],
  'aws:vpcsourceip': ({ known, absent, dialect }) => [
    absent(noEndpoint),
    known(isAddress(dialect), 'source_ip'),
  ],
  'aws:vpceaccount': ({ filled, absent }) => [absent(noEndpoint), filled('vpce_account')],
  'aws:sourcevpc': withoutEndpoint,
  'aws:sourcevpcarn': withoutEndpoint,
  'aws:vpceorgid': withoutEndpoint,
  'aws:vpceorgpaths': withoutEndpoint,
  'aws:securetransport': ({ known, dialect }) => [known(isTls(dialect), "'true'")],
  's3:tlsversion': ({ known, dialect }) => [
    known(isTls(dialect), "(case when tls = 'TLSv1' then '1.0' else substr(tls, 5) end)"),
  ],
  'aws:viaawsservice': ({ known }) => [
    known("via <> 'unknown'", "(case when via = 'yes' then 'true' else 'false' end)"),
  ],
  'aws:calledvia': withoutChain,
  'aws:calledviafirst': withoutChain,
  'aws:calledvialast': ({ known, absent }) => [
    absent(isChained),
    known("(via = 'yes' and invoked_by like '%.%')", 'invoked_by'),
  ],
  'aws:sourcearn': unlessService,
  'aws:sourceaccount': unlessService,
  'aws:sourceorgid': unlessService,
  'aws:sourceorgpaths': unlessService,
  // CloudTrail cuts long ones, and SQL counts characters in another way than we do.
  'aws:useragent': ({ known }) => [known("(user_agent <> '' and length(user_agent) < 500)", 'user_agent')],
}

const isTls = (dialect: Dialect) => dialect.matches('tls', 'TLSv1(\\.\\d)?')
