import type { Random } from '../../../server/src/kernel/random.ts'

/** A caller with the session that it has at the moment; sessions change, callers stay. */
export interface Caller {
  readonly kind: 'sso' | 'role' | 'linked' | 'user' | 'root' | 'service'
  readonly name: string
  readonly path: string
  readonly id: string
  readonly userAgent: string
  readonly addresses: readonly string[]
  /** Service that calls with the credentials of the role, for linked roles and forward access sessions. */
  readonly invokedBy: string | null
  readonly mfa: boolean
  session: { name: string; startedAt: number; key: string } | null
}

const HEX = '0123456789abcdef'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export const pick = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random.next() * list.length)] as T
export const hex = (random: Random, chars: number) => drawn(random, HEX, chars)
export const upper = (random: Random, chars: number) => drawn(random, UPPER, chars)
function drawn(random: Random, alphabet: string, chars: number): string {
  let text = ''
  for (let i = 0; i < chars; i++) text += alphabet[Math.floor(random.next() * alphabet.length)]
  return text
}

export const uuid = (random: Random) => [8, 4, 4, 4, 12].map((chars) => hex(random, chars)).join('-')

/** Rank drawn from a heavy tail (Zipf with exponent `s`) over `n` ranks. */
export function zipf(n: number, s: number): (random: Random) => number {
  const cumulated: number[] = []
  let sum = 0
  for (let rank = 1; rank <= n; rank++) {
    sum += rank ** -s
    cumulated.push(sum)
  }
  return (random) => {
    const at = random.next() * sum
    let [low, high] = [0, n - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulated[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low
  }
}

const LINKED = [
  ['config.amazonaws.com', 'AWSServiceRoleForConfig', 'AWSConfig-Describe'],
  ['securityhub.amazonaws.com', 'AWSServiceRoleForSecurityHub', 'securityhub'],
  ['guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDuty', 'GuardDuty'],
  ['autoscaling.amazonaws.com', 'AWSServiceRoleForAutoScaling', 'AutoScaling'],
  ['ecs.amazonaws.com', 'AWSServiceRoleForECS', 'ecs-service-scheduler'],
  ['access-analyzer.amazonaws.com', 'AWSServiceRoleForAccessAnalyzer', 'access-analyzer'],
] as const

const AGENTS = [
  'Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.10.223-211.872.amzn2.x86_64 md/arch#x86_64 lang/python#3.12.4 md/pyimpl#CPython exec-env/AWS_Lambda_python3.12 cfg/retry-mode#legacy Botocore/1.34.131',
  'aws-sdk-java/2.25.60 Linux/5.10.224-212.876.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.12+7-LTS Java/17.0.12 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/standard',
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.64.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.30.4 os/linux lang/go#1.22.6 md/GOOS#linux md/GOARCH#amd64 api/iam#1.35.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
  'aws-cli/2.17.40 md/awscrt#0.21.2 ua/2.0 os/linux#6.1.102-108.177.amzn2023.x86_64 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#s3.ls',
  'amazon-ssm-agent/3.3.551.0 aws-sdk-go/1.44.260 (go1.21.12; linux; amd64)',
]

/** The callers of one account: linked roles make the noise, a few roles most of the rest, people the tail. */
export function callersOf(random: Random, count: number): Caller[] {
  const linked = LINKED.map(([service, name, session]) =>
    caller(random, {
      kind: 'linked',
      name,
      path: `/aws-service-role/${service}/`,
      invokedBy: service,
      session,
      userAgent: service,
      addresses: [service],
    }),
  )
  const roles = Array.from({ length: Math.max(2, Math.floor(count * 0.6)) }, (_, index) =>
    caller(random, {
      kind: 'role',
      name: `${pick(random, ['app', 'batch', 'deploy', 'etl', 'monitor', 'backup'])}-${pick(random, ['resident', 'tax', 'portal', 'mynumber', 'school'])}-${index}`,
      path: random.next() < 0.3 ? '/service-role/' : '/',
      invokedBy:
        random.next() < 0.1 ? pick(random, ['cloudformation.amazonaws.com', 'lambda.amazonaws.com']) : null,
    }),
  )
  const people = Array.from({ length: Math.max(2, Math.floor(count * 0.25)) }, (_, index) =>
    caller(random, {
      kind: 'sso',
      name: `AWSReservedSSO_${pick(random, ['AdministratorAccess', 'ReadOnlyAccess', 'PowerUserAccess'])}_${hex(random, 16)}`,
      path: '/aws-reserved/sso.amazonaws.com/ap-northeast-1/',
      session: `staff${index}@city.example.lg.jp`,
      userAgent: AGENTS[3] as string,
      mfa: true,
    }),
  )
  const users = [
    caller(random, { kind: 'user', name: 'legacy-batch' }),
    caller(random, { kind: 'root', name: 'root', mfa: true }),
  ]
  const service = caller(random, {
    kind: 'service',
    name: 'service',
    invokedBy: pick(random, ['ec2.amazonaws.com', 'lambda.amazonaws.com', 'cloudtrail.amazonaws.com']),
  })
  return [
    ...linked.slice(0, 3),
    ...roles.slice(0, 3),
    service,
    ...people,
    ...roles.slice(3),
    ...linked.slice(3),
    ...users,
  ]
}

function caller(
  random: Random,
  told: {
    kind: Caller['kind']
    name: string
    path?: string
    invokedBy?: string | null
    session?: string
    userAgent?: string
    addresses?: readonly string[]
    mfa?: boolean
  },
): Caller {
  const prefix = told.kind === 'user' ? 'AIDA' : 'AROA'
  return {
    kind: told.kind,
    name: told.name,
    path: told.path ?? '/',
    id: `${prefix}${upper(random, 17)}`,
    userAgent: told.userAgent ?? pick(random, AGENTS),
    addresses:
      told.addresses ?? Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => address(random)),
    invokedBy: told.invokedBy ?? null,
    mfa: told.mfa ?? false,
    session: told.session === undefined ? null : { name: told.session, startedAt: 0, key: '' },
  }
}

const address = (random: Random) =>
  random.next() < 0.1
    ? `2406:da14:${hex(random, 3)}:${hex(random, 4)}::${hex(random, 4)}`
    : `${pick(random, [10, 54, 13, 203])}.${Math.floor(random.next() * 256)}.${Math.floor(random.next() * 256)}.${1 + Math.floor(random.next() * 254)}`

const SESSION_MS = 3_600_000

/** `userIdentity` as CloudTrail writes it; roles take new credentials every hour. */
export function identityOf(random: Random, account: string, who: Caller, at: number): object {
  if (who.kind === 'service') return { type: 'AWSService', invokedBy: who.invokedBy }
  if (who.kind === 'root')
    return {
      type: 'Root',
      principalId: account,
      arn: `arn:aws:iam::${account}:root`,
      accountId: account,
      accessKeyId: '',
      sessionContext: { attributes: { creationDate: iso(at - (at % SESSION_MS)), mfaAuthenticated: 'true' } },
    }
  if (who.kind === 'user')
    return {
      type: 'IAMUser',
      principalId: who.id,
      arn: `arn:aws:iam::${account}:user/${who.name}`,
      accountId: account,
      accessKeyId: `AKIA${who.id.slice(4, 20)}`,
      userName: who.name,
    }
  const current = who.session
  if (current === null || current.key === '' || at - current.startedAt > SESSION_MS)
    who.session = {
      name: current?.name ?? sessionName(random, who),
      startedAt: at,
      key: `ASIA${upper(random, 16)}`,
    }
  const session = who.session ?? { name: '', startedAt: at, key: '' }
  return {
    type: 'AssumedRole',
    principalId: `${who.id}:${session.name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${who.name}/${session.name}`,
    accountId: account,
    accessKeyId: session.key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: who.id,
        arn: `arn:aws:iam::${account}:role${who.path}${who.name}`,
        accountId: account,
        userName: who.name,
      },
      webIdFederationData: {},
      attributes: { creationDate: iso(session.startedAt), mfaAuthenticated: String(who.mfa) },
    },
    ...(who.invokedBy === null ? {} : { invokedBy: who.invokedBy }),
  }
}

const sessionName = (random: Random, who: Caller) =>
  who.name.startsWith('app') ? `i-0${hex(random, 16)}` : who.name

export const iso = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`
