import { z } from '@hono/zod-openapi'
import { mailView } from '../../domain/mail/view.ts'
import { mailList, reviveMail } from '../../storage/mail/list.ts'
import { read, transact } from '../../storage/transact.ts'
import { route } from '../route.ts'

const tag = 'Mail'

export const mailRoutes = [
  route({
    method: 'get',
    path: '/api/mail',
    action: 'mail.read',
    tag,
    summary: 'Mails that wait, that were sent, and that could not be sent; and whether there is a gateway',
    reply: mailView,
    handle: ({ actor, services }) => read(services.on, actor, mailList),
  }),
  route({
    method: 'post',
    path: '/api/mail/{id}/retry',
    action: 'mail.retry',
    tag,
    summary: 'Gives a dead mail its attempts again',
    params: z.object({ id: z.string().max(40) }),
    status: 204,
    handle: async ({ params, actor, services }) => {
      await transact(services.on, actor, (tx) => reviveMail(tx, params.id))
      return undefined
    },
  }),
]
