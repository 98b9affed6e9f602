import type { OrderStore } from '../../ports/orders.ts'
import type { ApplicationOrders } from '../applications/order-store.ts'
import { type Changes, transact } from '../transact.ts'
import { accountReady, orderFacts } from './order-facts.ts'
import { WORKER } from './row.ts'

/** The whole `OrderStore`: the application's side and the account's side together. */
export function composeOrderStore(on: Changes, orders: ApplicationOrders): OrderStore {
  return {
    ...orders,
    ...orderFacts(on),
    finished: async (workId) => {
      // First the account, then the application: whoever sees `ready` finds a usable account.
      await transact(on, WORKER, (tx) => accountReady(tx, workId))
      await orders.finished(workId)
    },
  }
}
