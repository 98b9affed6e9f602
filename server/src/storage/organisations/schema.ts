import type { ColumnType, Generated } from 'kysely'

/** A daterange as PostgreSQL writes it: `[2017-04-01,2018-10-01)`. */
type Range = string
type Json = ColumnType<unknown, string, string>

/** Tables of the register of organisations: migrations 0010, 0011 and 0050. */
export interface OrganisationTables {
  organisation: { id: string; created_at: Date }
  organisation_version: {
    organisation_id: string
    valid: Range
    code: string
    kind: string
    name_ja: string
    name_en: string | null
    name_en_derived: boolean
    kana: string | null
    parent_id: string | null
    name_key: string
    kana_key: string
    search: string
  }
  organisation_succession: {
    predecessor_id: string
    successor_id: string
    day: string
    source: string | null
  }
  organisation_register: { id: boolean; revision: string }
  import_profile: { name: string; profile: Json; changed_at: Date }
  organisation_import: {
    id: string
    file_name: string
    sha256: string
    encoding: string
    as_of: string
    profile: Json
    rows: Json
    decisions: Json
    plan: Json
    revision: string
    state: 'planned' | 'applied' | 'discarded'
    actor_id: string
    actor_name: string
    created_at: Date
    applied_at: Date | null
  }
  organisation_contact: {
    id: string
    organisation_id: string
    purpose: 'security' | 'operations' | 'billing'
    email: string
    phone: string
    valid: Range
    reachability: 'unverified' | 'reachable' | 'dead'
    checked_at: Date | null
  }
  information_system: {
    id: string
    code: string
    organisation_id: string
    name_ja: string
    name_en: string
    business_area: string | null
    use_mode: 'single' | 'shared'
    separation: 'application' | 'network' | 'account' | null
    valid: Range
  }
  system_former_name: {
    system_id: string
    organisation_id: string
    name_ja: string
    name_en: string
    business_area: string | null
    valid: Range
  }
  system_tenant: {
    system_id: string
    organisation_id: string
    owner_id: string
    basis_points: number
    valid: Range
  }
  contract: {
    id: string
    number: string
    organisation_id: string
    operator_id: string
    role: 'operator' | 'integrated_operator' | 'asp'
    valid: Range
  }
  contract_system: { contract_id: string; system_id: string; organisation_id: string; operator_id: string }
  person: {
    id: string
    organisation_id: string
    user_name: string
    email: string
    name_ja: string
    first_name: string
    last_name: string
    valid: Range
  }
  escalation: {
    id: Generated<string>
    key: string
    kind: string
    organisation_id: string | null
    subject: string
    opened_at: Date
    owner_told_at: Date | null
    centre_told_at: Date | null
    resolved_at: Date | null
  }
  role_grant: {
    id: string
    person_id: string
    role: string
    organisation_id: string
    contract_id: string | null
    valid: Range
  }
}
