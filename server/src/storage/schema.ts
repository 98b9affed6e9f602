import type { ColumnType, Generated } from 'kysely'
import type { ApplicationTables } from './applications/schema.ts'
import type { ControlTables } from './controls/schema.ts'
import type { EstateTables } from './estate/schema.ts'
import type { OrganisationTables } from './organisations/schema.ts'
import type { PolicyTables } from './policies/schema.ts'

interface LedgerTables {
  ledger_entry: {
    id: Generated<string>
    txid: Generated<string>
    at: Date
    kind: string
    organisation_id: string | null
    subject: string
    actor_id: string
    actor_role: string
    body: string
    leaf_hash: Uint8Array
    leaf_index: string | null
  }
  ledger_node: { level: number; index: string; hash: Uint8Array }
  ledger_checkpoint: { size: string; root: Uint8Array; at: Date }
}

interface ServerTables {
  idempotency_key: {
    actor_id: string
    key: string
    request_hash: string
    status: number | null
    body: string | null
    at: Generated<Date>
  }
  session: {
    id_hash: Uint8Array
    actor: ColumnType<unknown, string, string>
    language: string
    created_at: Date
    expires_at: Date
  }
  installation: { key: string; value: ColumnType<unknown, string, string> }
}

/** All tables of Rankan. Each area declares its own in `storage/<area>/schema.ts` and is listed here. */
export interface Schema
  extends ApplicationTables,
    LedgerTables,
    ServerTables,
    OrganisationTables,
    EstateTables,
    PolicyTables,
    ControlTables {}
