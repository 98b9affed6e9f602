import type { ProposalView } from '@rankan/server/domain/policies/replays.ts'
import type { ExemptionOf } from '@rankan/server/domain/policies/report.ts'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../../../app/session.tsx'
import { Button } from '../../../../components/Button.tsx'
import { Checkbox } from '../../../../components/Choice.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { exemptReplay } from '../../api.ts'
import { Ticks } from '../../components/Ticks.tsx'
import { keyWords } from '../../engine/key-words.ts'
import { texts } from '../i18n/texts.ts'

/** Exemptions that the result proposes; chosen ones are replayed at once. */
export function Proposals(props: { readonly replayId: string; readonly proposals: readonly ProposalView[] }) {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const mayStart = useMay('replay.start')
  const { proposals } = props
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const exempt = useMutation({
    mutationFn: (exemptions: ExemptionOf[]) => exemptReplay(props.replayId, { exemptions }),
    onSuccess: ({ id }) => navigate({ to: '/replays/$replayId', params: { replayId: id } }),
  })
  if (proposals.length === 0) return <EmptyState title={t.noProposals} />
  const toggle = (index: number, on: boolean) =>
    setChosen((before) => new Set(on ? [...before, index] : [...before].filter((one) => one !== index)))
  const exemptions = proposals
    .filter((_, index) => chosen.has(index))
    .map(({ exemption, statements }) => ({ exemption, statements }))
  return (
    <div className="flex flex-col gap-4">
      <p>{t.proposalsText}</p>
      {/* What has the focus must not lie behind the bar below (WCAG 2.4.11). */}
      <ul className="flex flex-col gap-2 [&_input]:scroll-mb-40">
        {proposals.map((proposal, index) => (
          <li key={JSON.stringify(proposal.exemption)} className="rounded-8 border border-solid-gray-420 p-3">
            {mayStart ? (
              <Checkbox checked={chosen.has(index)} onChange={(on) => toggle(index, on)}>
                <Words proposal={proposal} />
              </Checkbox>
            ) : (
              <Words proposal={proposal} />
            )}
          </li>
        ))}
      </ul>
      {exempt.error === null ? null : <ErrorView error={exempt.error} />}
      {mayStart ? (
        <div className="sticky bottom-0 border-solid-gray-200 border-t bg-white py-3">
          <Button
            onPress={() => exempt.mutate(exemptions)}
            isDisabled={exemptions.length === 0}
            isPending={exempt.isPending}
          >
            {exemptions.length === 0 ? t.exemptNone : t.exempt(exemptions.length)}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function Words({ proposal }: { readonly proposal: ProposalView }) {
  const t = useTexts(texts)
  return (
    <span className="flex flex-col">
      <ExemptionWords exemption={proposal.exemption} />
      <span className="text-solid-gray-700">
        {t.proposalStatements(
          proposal.statements.map(({ policy, index }) => `${policy} #${index + 1}`).join(', '),
        )}
      </span>
      <span className="text-solid-gray-700">{t.proposalCalls(proposal.calls)}</span>
    </span>
  )
}

export function ExemptionWords({ exemption }: { readonly exemption: ExemptionOf['exemption'] }) {
  const t = useTexts(texts)
  const pick = usePick()
  const values = exemption.values.map((value) => `\`${value}\``).join(', ')
  return (
    <span>
      <Ticks text={t.proposal(pick(keyWords(exemption.key)), values)} />
    </span>
  )
}
