import gaps from '../../../tools/conformance/gaps.json' with { type: 'json' }
import { estateContract } from './contract/run.ts'
import { sandboxWorld } from './targets/sandbox.ts'

estateContract('the sandbox, Account Factory', gaps.sandbox, () =>
  sandboxWorld({ engine: 'account_factory', landingZone: true }),
)
estateContract('the sandbox, auto-enrolment', gaps.sandbox, () =>
  sandboxWorld({ engine: 'auto_enrolment', landingZone: true }),
)
estateContract('the sandbox, no landing zone', gaps.sandbox, () =>
  sandboxWorld({ engine: 'auto_enrolment', landingZone: false }),
)
