import type { QueueItem } from '@rankan/server/domain/accounts/work-view.ts'
import { useQuery } from '@tanstack/react-query'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { Dialog } from '../../../components/Dialog.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { applicationQuery } from '../../applications/api.ts'
import { Repair } from '../../applications/components/Repair.tsx'
import { texts } from '../i18n/texts.ts'

/** Why the work stopped, and what can be done about it, without leaving the queue. */
export function RepairDialog({ item, onClose }: { readonly item: QueueItem; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const query = useQuery(applicationQuery(item.applicationId))
  return (
    <Dialog title={t.repairTitle} isOpen onClose={onClose} wide>
      <p>
        <ApplicationLink id={item.applicationId}>{t.openApplication}</ApplicationLink>
      </p>
      <Loaded query={query}>
        {(application) => {
          const order = application.orders.find((one) => one.workId === item.workId)
          if (order === undefined || order.failure === null) return <p>{t.repairedAlready}</p>
          return <Repair applicationId={application.id} order={order} mayRepair onDone={onClose} />
        }}
      </Loaded>
    </Dialog>
  )
}
