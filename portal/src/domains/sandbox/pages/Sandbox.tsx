import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../../app/session.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Page } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { stateQuery } from '../api.ts'
import { Clock } from '../components/Clock.tsx'
import { FaultForm } from '../components/FaultForm.tsx'
import { Faults } from '../components/Faults.tsx'
import { LoadAccounts } from '../components/LoadAccounts.tsx'
import { Organizations } from '../components/Organizations.tsx'
import { Reset } from '../components/Reset.tsx'
import { texts } from '../i18n/texts.ts'

/** The virtual clock runs without events. */
const REFRESH_MS = 2_000

export function Sandbox() {
  const t = useTexts(texts)
  const mayChange = useMay('sandbox.change')
  const query = useQuery({ ...stateQuery(), refetchInterval: REFRESH_MS })
  return (
    <Page title={t.title} lead={t.lead}>
      <Loaded query={query} lines={8}>
        {(state) => (
          <>
            <Clock state={state} mayChange={mayChange} />
            <Organizations state={state} />
            <Faults state={state} mayChange={mayChange} />
            {mayChange ? (
              <>
                <FaultForm />
                <LoadAccounts state={state} />
                <Reset />
              </>
            ) : null}
          </>
        )}
      </Loaded>
    </Page>
  )
}
