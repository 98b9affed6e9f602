import { type LedgerEntryView, ledgerProofView } from '@rankan/server/domain/ledger/view.ts'
import { useQuery } from '@tanstack/react-query'
import { ApiError } from '../../../api/problem.ts'
import { one } from '../../../api/queries.ts'
import { Dialog } from '../../../components/Dialog.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** One entry as the tree holds it, and the proof that it is in there. */
export function Entry({ entry, onClose }: { readonly entry: LedgerEntryView; readonly onClose: () => void }) {
  const t = useTexts(texts)
  return (
    <Dialog title={t.entryTitle} isOpen onClose={onClose} wide>
      <Facts
        items={[
          { name: t.at, value: <DateText at={entry.at} /> },
          { name: t.kind, value: <code className="font-mono">{entry.kind}</code> },
          { name: t.subject, value: entry.subject },
          { name: t.actor, value: `${entry.actorId} (${entry.actorRole})` },
        ]}
      />
      <h3 className="text-std-17B-170">{t.body}</h3>
      <pre className="rounded-8 bg-solid-gray-50 p-3 font-mono text-oln-14N-100 leading-160 whitespace-pre-wrap">
        {readable(entry.body)}
      </pre>
      <h3 className="text-std-17B-170">{t.proofTitle}</h3>
      <Proof entry={entry} />
    </Dialog>
  )
}

/** An entry comes into the tree some seconds after it was written; opened before that, its proof is asked for until it is there. */
const ASK_AGAIN_MS = 1000
const ASK_FOR_TIMES = 120

function Proof({ entry }: { readonly entry: LedgerEntryView }) {
  const t = useTexts(texts)
  const proof = one(`/api/ledger/${encodeURIComponent(entry.id)}/proof`, ledgerProofView)
  const isPending = entry.leafIndex === null
  const query = useQuery(
    isPending
      ? {
          ...proof,
          retry: (times, error) => isNotYet(error) && times < ASK_FOR_TIMES,
          retryDelay: ASK_AGAIN_MS,
        }
      : proof,
  )
  if (isPending && query.isPending) return <p role="status">{t.proofPending}</p>
  return (
    <Loaded query={query}>
      {({ size, root, proof }) => (
        <Facts
          items={[
            { name: t.proofSize, value: size },
            { name: t.proofRoot, value: <code className="font-mono">{root}</code> },
            {
              name: t.proofPath,
              value: <code className="block font-mono whitespace-pre-line">{proof.join('\n')}</code>,
            },
          ]}
        />
      )}
    </Loaded>
  )
}

const isNotYet = (error: Error) => error instanceof ApiError && error.kind === 'not_found'

/** The canonical text is one line; people read it with line breaks. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
