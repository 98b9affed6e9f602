import type { OrderStore } from '../../ports/orders.ts'
import { type ApplicationOrders, setOrderState } from '../applications/order-store.ts'
import { type Changes, transact } from '../transact.ts'
import { lockFacts, orderFacts, settleAccount } from './order-facts.ts'
import { settlePlace } from './place.ts'
import { WORKER } from './row.ts'

/** The whole `OrderStore`: the application's side and the account's side together. */
export function composeOrderStore(on: Changes, orders: ApplicationOrders): OrderStore {
  return {
    ...orders,
    ...orderFacts(on),
    // The application and the account become ready together: whoever sees the one finds the other usable.
    finished: (workId, facts = {}) =>
      transact(on, WORKER, async (tx) => {
        const order = setOrderState(tx, workId, 'finished')
        // Sent with its first statement, which locks the application and the order before this locks the account.
        const work = lockFacts(tx, workId)
        await settleAccount(tx, ...(await Promise.all([order, work])), facts, true)
      }),
    abandoned: (workId) =>
      transact(on, WORKER, async (tx) => {
        await setOrderState(tx, workId, 'abandoned')
        await settlePlace(tx, workId)
      }),
  }
}
