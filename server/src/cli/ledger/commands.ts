import type { LedgerEntryView, LedgerProofView, LedgerReportView } from '../../domain/ledger/view.ts'
import { RankanError } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import type { CommandGroup } from '../app.ts'

interface Page {
  readonly items: readonly LedgerEntryView[]
  readonly nextCursor: string | null
}

/** `rankan ledger`: read the audit ledger, prove an entry, verify the whole. */
export const ledgerCommands: CommandGroup = (program, cli) => {
  const ledger = program.command('ledger').description('audit ledger: list, prove, verify')
  ledger
    .command('list')
    .description('entries, newest first')
    .option('--kind <kind>', 'only this kind, e.g. `application.submitted`')
    .option('--subject <id>', 'only what happened to this id')
    .option('--limit <n>', 'how many', '50')
    .action(async (options: { kind?: string; subject?: string; limit: string }) => {
      const query = new URLSearchParams({ limit: options.limit })
      if (options.kind !== undefined) query.set('kind', options.kind)
      if (options.subject !== undefined) query.set('subject', options.subject)
      const page = await cli().api.get<Page>(`/api/ledger?${query}`)
      cli().print(page, () =>
        page.items.map(
          (e) => `${e.at}  ${e.leafIndex ?? '-'}  ${e.kind}  ${e.subject}  by ${e.actorId} (${e.actorRole})`,
        ),
      )
    })
  ledger
    .command('prove <entry>')
    .description('inclusion proof of an entry (RFC 9162)')
    .action(async (entry: string) => {
      const proof = await cli().api.get<LedgerProofView>(`/api/ledger/${encodeURIComponent(entry)}/proof`)
      cli().print(proof, () => [
        `entry ${entry} is leaf ${proof.entry.leafIndex} of ${proof.size}`,
        `root ${proof.root}`,
        ...proof.proof,
      ])
    })
  ledger
    .command('verify')
    .description('rebuild the tree from the entries and compare every checkpoint')
    .action(async () => {
      const report = await cli().api.get<LedgerReportView>('/api/ledger/verify')
      cli().print(report, () => [
        `${counted(report.size, 'entry', 'entries')}, ${counted(report.checkpoints, 'checkpoint')}, ${report.pending} not integrated yet`,
        `root ${report.root}`,
        ...(report.faults.length === 0 ? ['The ledger is whole.'] : report.faults),
      ])
      if (report.faults.length > 0)
        throw new RankanError('conflict', 'ledger_broken', 'The ledger does not fit its checkpoints.')
    })
}
