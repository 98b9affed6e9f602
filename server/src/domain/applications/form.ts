import { z } from 'zod'
import {
  accountId,
  day,
  email,
  line,
  lines,
  maybeLine,
  maybeLines,
  organisationCode,
  phone,
  systemCode,
} from './fields.ts'
import { ENVIRONMENTS } from './kinds.ts'
import { APPLICATION_LIMITS as L } from './limits.ts'

/** The 20 standardised businesses of municipalities (地方公共団体情報システム標準化法 政令), and others. */
export const BUSINESS_AREAS = [
  'resident_record', 'family_register', 'family_register_supplement', 'seal_registration', 'election',
  'property_tax', 'individual_residents_tax', 'corporate_residents_tax', 'light_vehicle_tax', 'school_enrolment',
  'national_health_insurance', 'national_pension', 'disability_welfare', 'latter_stage_elderly_health', 'long_term_care',
  'public_assistance', 'health_management', 'child_allowance', 'child_rearing_allowance', 'child_care_support', 'other',
] as const // biome-ignore format: a table
export const SEPARATIONS = ['application', 'network', 'account'] as const
export const PROVIDERS = ['aws', 'azure', 'google_cloud', 'oci', 'sakura'] as const
export const PLACEMENTS = ['portable', 'managed', 'provider_only'] as const
/** 機密性1–3 of 政府統一基準. */
export const DATA_CLASSES = ['confidentiality_1', 'confidentiality_2', 'confidentiality_3'] as const
/** デジタル手続法 23, 24: own budget, deposit held by the centre, somebody pays on behalf. */
export const PAYMENTS = ['own_budget', 'deposit', 'on_behalf'] as const
export const CONTACT_TYPES = ['security', 'operations', 'billing'] as const

const unique = (values: readonly unknown[]) => new Set(values).size === values.length
const duplicate = { params: { code: 'duplicate' } }

export const personForm = z.strictObject({
  userName: email(),
  email: email(),
  firstName: line(50),
  lastName: line(50),
})

export const contactForm = z.strictObject({
  name: line(64),
  title: line(50),
  email: email(),
  phone: phone(),
  /** The applicant declares that several people read this address. */
  group: z.boolean().default(false),
})

export const contactsForm = z.strictObject({
  security: contactForm,
  operations: contactForm,
  billing: contactForm,
})

const people = (min: number) =>
  z
    .array(personForm)
    .min(min)
    .max(L.people)
    .refine((list) => unique(list.map((p) => p.userName.toLowerCase())), duplicate)

export const environmentForm = z.strictObject({
  environment: z.enum(ENVIRONMENTS),
  regions: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    )
    .min(1)
    .max(L.regionsPerEnvironment)
    .refine(unique, duplicate),
})

const exceptionForm = z.strictObject({
  rule: z
    .string()
    .trim()
    .max(64)
    .regex(/^[a-z_]+$/),
  reason: lines(),
  expiresOn: day(),
})

/** The application for accounts of one system: portal, API and batch file all go through this one schema. */
export const vendForm = z.strictObject({
  kind: z.literal('vend'),
  organisation: z.strictObject({ code: organisationCode() }),
  system: z.strictObject({
    code: systemCode(),
    nameJa: line(),
    nameEn: maybeLine(),
    businessArea: z.enum(BUSINESS_AREAS),
    publicSaas: z.boolean().default(false),
  }),
  use: z.strictObject({
    mode: z.enum(['single', 'shared']),
    tenants: z.array(organisationCode()).max(L.tenants).refine(unique, duplicate).default([]),
    separation: z.enum(SEPARATIONS).nullable().default(null),
    tenantsConsent: z.boolean().default(false),
  }),
  provider: z.strictObject({
    name: z.enum(PROVIDERS).default('aws'),
    reason: maybeLines(),
    placement: z.enum(PLACEMENTS),
    placementReason: maybeLines(),
  }),
  environments: z
    .array(environmentForm)
    .min(1)
    .max(L.environments)
    .refine((list) => unique(list.map((e) => e.environment)), duplicate),
  cicd: z
    .strictObject({ declared: z.boolean(), tools: maybeLine(L.shortText) })
    .default({ declared: false, tools: '' }),
  data: z.strictObject({
    class: z.enum(DATA_CLASSES),
    personal: z.boolean(),
    customerKey: z.boolean(),
    keyOwner: maybeLine(),
  }),
  contacts: contactsForm,
  operator: z
    .strictObject({
      company: line(),
      contractNumber: line(64),
      contractStart: day(),
      contractEnd: day(),
    })
    .nullable()
    .default(null),
  owner: personForm,
  admins: people(1),
  operators: people(0).default([]),
  billing: z.strictObject({
    payment: z.enum(PAYMENTS),
    payer: line(),
    fiscalYear: z.number().int().min(2020).max(2100),
    budgetYen: z.number().int().min(0).max(L.budgetYen),
    monthlyLimitUsd: z.number().int().min(1).max(L.monthlyUsd),
  }),
  network: z
    .strictObject({
      closedConnection: z.boolean(),
      cidr: maybeLine(18),
      sharedNetwork: z.boolean(),
    })
    .default({ closedConnection: false, cidr: '', sharedNetwork: false }),
  dates: z.strictObject({ start: day(), end: day().nullable().default(null) }),
  consent: z.strictObject({
    baselineVersion: line(20),
    usageRulesVersion: line(20),
    accepted: z.boolean(),
  }),
  exceptions: z.array(exceptionForm).max(L.exceptions).default([]),
})

const about = { accountId: accountId(), reason: lines() }
export const changeContactsForm = z.strictObject({
  kind: z.literal('change_contacts'),
  ...about,
  contacts: contactsForm,
})
export const changeOwnerForm = z.strictObject({
  kind: z.literal('change_owner'),
  ...about,
  owner: personForm,
  admins: people(1),
})
export const moveForm = z.strictObject({
  kind: z.literal('move'),
  ...about,
  environment: z.enum(ENVIRONMENTS),
})
export const suspendForm = z.strictObject({ kind: z.literal('suspend'), ...about })
export const resumeForm = z.strictObject({ kind: z.literal('resume'), ...about })
export const closeForm = z.strictObject({
  kind: z.literal('close'),
  ...about,
  dataExported: z.boolean(),
  evidenceKept: z.boolean(),
  /** After 90 days AWS deletes what is left; the applicant says that this is understood. */
  finalUnderstood: z.boolean(),
})

export const applicationForm = z.discriminatedUnion('kind', [
  vendForm,
  changeContactsForm,
  changeOwnerForm,
  moveForm,
  suspendForm,
  resumeForm,
  closeForm,
])

export type Contacts = z.output<typeof contactsForm>
export type VendForm = z.output<typeof vendForm>
export type ChangeForm = Exclude<z.output<typeof applicationForm>, VendForm>
export type ApplicationForm = z.output<typeof applicationForm>
