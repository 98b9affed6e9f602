import { ledgerReportView } from '@rankan/server/domain/ledger/view.ts'
import { useMutation } from '@tanstack/react-query'
import { get } from '../../../api/client.ts'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

export function Verify() {
  const t = useTexts(texts)
  const verify = useMutation({ mutationFn: () => get('/api/ledger/verify', ledgerReportView) })
  const report = verify.data
  return (
    <div className="flex flex-col items-start gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button onPress={() => verify.mutate()} isPending={verify.isPending}>
          {t.verify}
        </Button>
        <span className="text-solid-gray-700">{t.verifyHint}</span>
      </div>
      {verify.error === null ? null : <ErrorView error={verify.error} />}
      {report === undefined ? null : (
        <div role="status">
          <Notice
            kind={report.faults.length === 0 ? 'success' : 'error'}
            title={report.faults.length === 0 ? t.sound : t.broken}
          >
            <p>{t.report(report.size, report.checkpoints)}</p>
            <p>
              {t.proofRoot}: <code className="font-mono">{report.root}</code>
            </p>
            <ul className="list-disc pl-6">
              {report.faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
    </div>
  )
}
