import type { Command } from 'commander'
import { invalid } from '../../kernel/errors.ts'
import type { Policy } from '../../policy/policies.ts'
import { type Comparison, comparePolicies } from '../../policy/questions/compare.ts'
import type { Inclusion } from '../../policy/questions/permissive.ts'
import { plainRequest } from '../../policy/questions/witness.ts'
import type { Cli } from '../app.ts'
import { diskFacts } from './facts.ts'
import { KINDS_TEXT, kindOf, readTogether } from './files.ts'

/** `rankan policy diff A B` */
export function diffCommand(policy: Command, cli: () => Cli): void {
  policy
    .command('diff <a> <b>')
    .description('does A let pass less than B, more, or the same; with a request that tells them apart')
    .option('--kind <kind>', `what they are: ${KINDS_TEXT} (default: guessed from the document)`)
    .action((a: string, b: string, options: { kind?: string }) => diff(cli(), a, b, options))
}

function diff(cli: Cli, a: string, b: string, options: { kind?: string }): void {
  const kind = kindOf(options.kind)
  const [ours = [], theirs = []] = readTogether([a, b], kind)
  sameKind([...ours, ...theirs])
  const answer = comparePolicies(ours, theirs, { facts: diskFacts() })
  cli.print(
    {
      relation: answer.relation,
      assumed: answer.assumed,
      aWithinB: plain(answer.forth),
      bWithinA: plain(answer.back),
    },
    () => linesOf(answer, a, b),
  )
}

function sameKind(policies: readonly Policy[]): void {
  const kinds = [...new Set(policies.map(({ kind }) => kind))]
  if (kinds.length > 1)
    throw invalid(
      'mixed_kinds',
      `The files hold policies of different kinds: ${kinds.join(', ')}. Say \`--kind\`.`,
    )
}

const plain = (inclusion: Inclusion): object =>
  inclusion.holds === 'no' ? { holds: 'no', witness: plainRequest(inclusion.witness) } : inclusion

const SENTENCES: Readonly<Record<Comparison['relation'], string>> = {
  equal: 'A and B let pass the same requests.',
  narrower: 'A lets pass less than B.',
  wider: 'A lets pass more than B.',
  different: 'Each lets pass what the other does not.',
  unknown: 'It cannot be decided for all requests.',
}

const linesOf = ({ relation, forth, back, assumed }: Comparison, a: string, b: string): readonly string[] => [
  SENTENCES[relation],
  ...assumed.map((name) => `${name} was taken along on both sides.`),
  ...inclusionLines(forth, a, b),
  ...inclusionLines(back, b, a),
]

function inclusionLines(inclusion: Inclusion, one: string, other: string): readonly string[] {
  if (inclusion.holds === 'yes') return []
  if (inclusion.holds === 'no')
    return [`${one} lets pass, ${other} does not: ${JSON.stringify(plainRequest(inclusion.witness))}`]
  const where = inclusion.statements.map(({ policy, index }) => `${policy} statement ${index}`)
  return [
    `Whether ${one} lets pass more than ${other} is open: ${inclusion.because} ${where.join(', ')}`.trimEnd(),
  ]
}
