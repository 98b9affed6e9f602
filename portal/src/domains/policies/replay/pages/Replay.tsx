import type { ReplayDetail, ReplayResult } from '@rankan/server/domain/policies/replays.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMay } from '../../../../app/session.tsx'
import { buttonClasses } from '../../../../components/Button.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Notice } from '../../../../components/Notice.tsx'
import { Card, Page, Section } from '../../../../components/Page.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { Tabs } from '../../../../components/Tabs.tsx'
import { DateText, Facts } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { replayQuery, resultQuery } from '../../api.ts'
import { InWords } from '../../components/InWords.tsx'
import { checkDraft } from '../../engine/check.ts'
import { DigestProblems, useDigestWords } from '../components/Digests.tsx'
import { Failure } from '../components/Failure.tsx'
import { ExemptionWords, Proposals } from '../components/Proposals.tsx'
import { type PlaceNames, usePlaceNames } from '../components/place-names.ts'
import { ReplayProgress } from '../components/ReplayProgress.tsx'
import { SectionView } from '../components/SectionView.tsx'
import { Totals } from '../components/Totals.tsx'
import { Unread, useFilesRead } from '../components/Unread.tsx'
import { texts } from '../i18n/texts.ts'
import { isOver, REPLAY_TONES } from '../view.ts'

/** Events tell of each step; this is for a line that broke. */
const REFRESH_MS = 5_000

export function Replay() {
  const t = useTexts(texts)
  const { replayId } = useParams({ from: '/shell/replays/$replayId' })
  const mayStart = useMay('replay.start')
  const query = useQuery({
    ...replayQuery(replayId),
    refetchInterval: (one) => (one.state.data === undefined || isOver(one.state.data) ? false : REFRESH_MS),
  })
  return (
    <Page
      title={query.data?.title ?? t.title}
      actions={
        mayStart && query.data !== undefined && isOver(query.data) ? (
          <Link to="/replays/new" search={{ from: replayId }} className={buttonClasses('secondary')}>
            {t.again}
          </Link>
        ) : undefined
      }
    >
      <Loaded query={query}>{(replay) => <ReplayView replay={replay} />}</Loaded>
    </Page>
  )
}

function ReplayView({ replay }: { readonly replay: ReplayDetail }) {
  const t = useTexts(texts)
  return (
    <>
      <p role="status" className="flex flex-wrap items-center gap-3">
        <StatusBadge tone={REPLAY_TONES[replay.state]}>{t.stateOf[replay.state]}</StatusBadge>
        <DateText at={replay.finishedAt ?? replay.startedAt ?? replay.createdAt} />
      </p>
      {isOver(replay) ? null : (
        <Section title={t.progress}>
          <ReplayProgress replay={replay} />
        </Section>
      )}
      {replay.state === 'cancelled' ? <Notice kind="info" title={t.cancelledTitle} /> : null}
      {replay.state === 'failed' ? (
        <Notice kind="error" title={t.failedTitle}>
          <Failure error={replay.error} />
        </Notice>
      ) : null}
      {replay.state === 'done' ? <Result replay={replay} /> : null}
      <Section title={t.facts}>
        <Card>
          <ReplayFacts replay={replay} />
        </Card>
      </Section>
      <Documents replay={replay} />
    </>
  )
}

function Result({ replay }: { readonly replay: ReplayDetail }) {
  const query = useQuery(resultQuery(replay.id))
  return <Loaded query={query}>{(result) => <ResultView replay={replay} result={result} />}</Loaded>
}

function ResultView({ replay, result }: { readonly replay: ReplayDetail; readonly result: ReplayResult }) {
  const t = useTexts(texts)
  const { report, proposals } = result
  const nameOf = usePlaceNames(replay.awsOrganizationId)
  const section = (name: 'denied' | 'newlyDenied' | 'newlyAllowed' | 'unknown', calls: number) => ({
    key: name,
    title: `${t[name]} (${calls.toLocaleString()})`,
  })
  const { denied, unknown, against } = report
  return (
    <>
      <Section title={t.totals}>
        <Totals report={report} nameOf={nameOf} />
        <Unread ingest={replay.ingest} />
        <DigestProblems digests={replay.ingest?.digests} />
      </Section>
      <Tabs
        label={t.sections}
        tabs={[
          {
            ...section('denied', denied.calls),
            content: <SectionView replayId={replay.id} name="denied" section={denied} nameOf={nameOf} />,
          },
          ...(against === null
            ? []
            : (['newlyDenied', 'newlyAllowed'] as const).map((name) => ({
                ...section(name, against[name].calls),
                content: (
                  <SectionView replayId={replay.id} name={name} section={against[name]} nameOf={nameOf} />
                ),
              }))),
          {
            ...section('unknown', unknown.calls),
            content: <SectionView replayId={replay.id} name="unknown" section={unknown} nameOf={nameOf} />,
          },
          {
            key: 'proposals',
            title: `${t.proposals} (${proposals.length})`,
            content: <Proposals replayId={replay.id} proposals={proposals} />,
          },
        ]}
      />
    </>
  )
}

function periodText(
  { since, until }: Pick<ReplayDetail, 'since' | 'until'>,
  t: { wholePeriod: string; from: (day: string) => string; until: (day: string) => string },
): string {
  if (since === null && until === null) return t.wholePeriod
  return [since === null ? '' : t.from(since), until === null ? '' : t.until(until)].join(' ').trim()
}

function ReplayFacts({ replay }: { readonly replay: ReplayDetail }) {
  const t = useTexts(texts)
  const digestWords = useDigestWords()
  const filesRead = useFilesRead()
  return (
    <Facts
      items={[
        { name: t.period, value: periodText(replay, t) },
        { name: t.mode, value: replay.withInForce ? t.modeWith : t.modeAlone },
        ...(replay.against === null ? [] : [{ name: t.compare, value: t.compareOf[replay.against].label }]),
        { name: t.createdBy, value: replay.createdBy },
        ...(replay.ingest === null
          ? []
          : [
              { name: t.trailAt, value: filesRead(replay.ingest) },
              { name: t.digests, value: digestWords(replay.ingest.digests) },
            ]),
        ...(replay.parentId === null ? [] : [{ name: t.parent, value: <ReplayLink id={replay.parentId} /> }]),
        ...(replay.children.length === 0
          ? []
          : [
              {
                name: t.children,
                value: replay.children.map((id) => <ReplayLink key={id} id={id} />),
              },
            ]),
        ...(replay.exemptions.length === 0
          ? []
          : [
              {
                name: t.exempted,
                value: replay.exemptions.map(({ exemption }) => (
                  <span key={JSON.stringify(exemption)} className="block">
                    <ExemptionWords exemption={exemption} />
                  </span>
                )),
              },
            ]),
      ]}
    />
  )
}

const ReplayLink = ({ id }: { readonly id: string }) => (
  <Link to="/replays/$replayId" params={{ replayId: id }} className="mr-3">
    {id}
  </Link>
)

/** The policies as they were asked, in words, with the text folded; and those that they were compared with. */
function Documents({ replay }: { readonly replay: ReplayDetail }) {
  const t = useTexts(texts)
  const nameOf = usePlaceNames(replay.awsOrganizationId)
  return (
    <>
      <Section title={t.drafts}>
        <DocumentList documents={replay.documents} nameOf={nameOf} />
      </Section>
      {replay.againstDocuments.length === 0 ? null : (
        <Section title={t.against}>
          <DocumentList documents={replay.againstDocuments} nameOf={nameOf} />
        </Section>
      )}
    </>
  )
}

function DocumentList({
  documents,
  nameOf,
}: Pick<ReplayDetail, 'documents'> & { readonly nameOf: PlaceNames }) {
  const t = useTexts(texts)
  return documents.map(({ name, kind, document, targets }) => (
    <details key={`${kind} ${name}`} className="rounded-12 border border-solid-gray-420 p-4">
      <summary className="cursor-pointer text-std-16B-170">
        {name} ({kind.toUpperCase()}) —{' '}
        {targets.length === 0 ? t.draftPlaceRoot : targets.map(nameOf).join(', ')}
      </summary>
      <div className="mt-3 flex flex-col gap-3">
        <InWords policy={checkDraft(document, kind, name, undefined).policy} onJump={null} />
        <pre className="overflow-auto rounded-8 bg-solid-gray-50 p-3 font-mono whitespace-pre-wrap">
          {document}
        </pre>
      </div>
    </details>
  ))
}
