/** Run by `npm run conformance`, which starts a moto server and names it in MOTO_URL. Not part of `npm test`. */
import gaps from '../../../tools/conformance/gaps.json' with { type: 'json' }
import { estateContract } from './contract/run.ts'
import { motoWorld } from './targets/moto.ts'

const url = process.env.MOTO_URL
if (!url) throw new Error('Set `MOTO_URL` to the URL of a moto server, or run `npm run conformance`.')

estateContract('moto', gaps.moto, () => motoWorld(url))
