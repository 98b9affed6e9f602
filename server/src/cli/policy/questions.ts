import type { Command } from 'commander'
import { invalid } from '../../kernel/errors.ts'
import { readLevels } from '../../policy/exchange/policy-set.ts'
import { createReader, settle } from '../../policy/exchange/reader.ts'
import { whoCanJson } from '../../policy/exchange/who-can.ts'
import { anyoneOutside, type OutsideAnswer } from '../../policy/questions/outside.ts'
import { plainRequest } from '../../policy/questions/witness.ts'
import type { Cli } from '../app.ts'
import { diskFacts } from './facts.ts'
import { kindOf, readJson, readPolicies } from './files.ts'

/** `rankan policy who-can …` and `rankan policy outsiders …` */
export function questionCommands(policy: Command, cli: () => Cli): void {
  policy
    .command('who-can <action> <resource>')
    .description('who of these principals can do the action on the resource: can, perhaps, cannot')
    .requiredOption(
      '--principals <file>',
      'principals with their policies; docs/guide/policy.md describes it',
    )
    .action((action: string, resource: string, options: { principals: string }) =>
      printWhoCan(cli(), whoCanJson(action, resource, readJson(options.principals)) as WhoCanAnswer),
    )
  policy
    .command('outsiders <file>')
    .description(
      'can anybody outside of these accounts and organisations use the resource that has this policy',
    )
    .requiredOption('--account <id>', 'who owns the resource; it is inside')
    .option('--inside <ids...>', 'other accounts and organisations (`o-…`) that are inside')
    .option('--action <pattern>', 'only this action, `s3:GetObject` or `s3:Get*`')
    .option('--resource <pattern>', 'only this resource')
    .option('--rcps <file>', 'RCPs over the owner: documents, or levels')
    .option('--services-outside', "count AWS's own services as outside")
    .option('--kind <kind>', 'resource or trust (default: guessed from the document)')
    .action((file: string, options: OutsidersOptions) => outsiders(cli(), file, options))
}

interface OutsidersOptions {
  readonly account: string
  readonly inside?: readonly string[]
  readonly action?: string
  readonly resource?: string
  readonly rcps?: string
  readonly servicesOutside?: boolean
  readonly kind?: string
}

function outsiders(cli: Cli, file: string, options: OutsidersOptions): void {
  const inside = [options.account, ...(options.inside ?? [])]
  for (const id of inside)
    if (!/^(\d{12}|o-[a-z0-9]+)$/.test(id))
      throw invalid(
        'bad_id',
        `\`${id}\` is neither an account (twelve digits) nor an organisation (\`o-…\`).`,
      )
  const [resourcePolicy = null, ...more] = readPolicies(file, kindOf(options.kind))
  if (more.length > 0) throw invalid('too_many', `\`${file}\` has several policies; a resource has one.`)
  if (resourcePolicy?.kind !== 'resource' && resourcePolicy?.kind !== 'trust')
    throw invalid('bad_kind', `\`${file}\` names no principals, so it is not the policy of a resource.`)
  const reader = createReader()
  const rcps = options.rcps === undefined ? [] : readLevels(readJson(options.rcps), 'rcp', ['rcps'], reader)
  settle(reader, 'The file of RCPs')
  const { action, resource } = options
  const answer = anyoneOutside(
    {
      resourcePolicy,
      rcps,
      account: options.account,
      ...(action === undefined ? {} : { action: actionPattern(action) }),
      ...(resource === undefined ? {} : { resource }),
    },
    {
      accounts: inside.filter((id) => !id.startsWith('o-')),
      organizations: inside.filter((id) => id.startsWith('o-')),
      services: options.servicesOutside !== true,
    },
    { facts: diskFacts() },
  )
  cli.print(plain(answer), () => linesOf(answer))
}

function actionPattern(text: string): string {
  if (text === '*' || /^[a-z0-9*?-]+:[a-z0-9*?_.-]+$/i.test(text)) return text
  throw invalid('bad_action', `\`${text}\` is no action: write \`s3:GetObject\`, \`s3:Get*\` or \`*\`.`)
}

const plain = (answer: OutsideAnswer): object =>
  answer.can === 'yes' ? { can: 'yes', witness: plainRequest(answer.witness) } : answer

function linesOf(answer: OutsideAnswer): readonly string[] {
  if (answer.can === 'no') return ['Nobody outside can use it.']
  if (answer.can === 'yes') return [`Somebody outside can: ${JSON.stringify(plainRequest(answer.witness))}`]
  const where = answer.statements.map(({ policy, index }) => `${policy} statement ${index}`)
  return [`It is open: ${answer.because} ${where.join(', ')}`.trimEnd()]
}

interface WhoCanAnswer {
  readonly can: readonly Entry[]
  readonly perhaps: readonly Entry[]
  readonly cannot: readonly Entry[]
}
interface Entry {
  readonly principal: { readonly type: string; readonly arn: string | null; readonly account: string | null }
  readonly why: string
  readonly by: readonly string[]
  readonly missing: readonly object[]
}

function printWhoCan(cli: Cli, answer: WhoCanAnswer): void {
  const name = ({ principal: { arn, account, type } }: Entry) => arn ?? account ?? type
  const rest = ({ by, why, missing }: Entry) =>
    missing.length > 0
      ? `depends on ${missing.map((one) => JSON.stringify(one)).join(', ')}`
      : `${why} by ${by.join(', ')}`
  cli.print(answer, () =>
    (['can', 'perhaps', 'cannot'] as const).flatMap((list) =>
      answer[list].map((entry) => `${list}: ${name(entry)} (${rest(entry)})`),
    ),
  )
}
