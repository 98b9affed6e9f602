import { z } from 'zod'
import { ROLES } from '../people/roles.ts'
import { checkShares, SEPARATIONS } from './shares.ts'
import { CONTACT_PURPOSES, CONTRACT_ROLES, REACHABILITY } from './view.ts'

/** What is written about an organisation. `from` is the first day, `to` the first day after. */

const day = z.iso.date()
const email = z.email().max(254)
const text = (max: number) => z.string().trim().min(1).max(max)
const latin = z
  .string()
  .trim()
  .regex(/^[A-Za-z][A-Za-z' -]{0,59}$/, 'Use Latin letters.')

export const contactForm = z.object({
  purpose: z.enum(CONTACT_PURPOSES),
  /** A group address. */
  email,
  phone: z.string().regex(/^\+?[0-9() -]{6,20}$/, 'Use digits, spaces and hyphens.'),
  from: day,
})
export type ContactForm = z.infer<typeof contactForm>

export const reachabilityForm = z.object({ reachability: z.enum(REACHABILITY) })

export const tenantsForm = z.object({
  from: day,
  tenants: z
    .array(z.object({ organisationId: z.string().max(100), basisPoints: z.number().int() }))
    .max(2000),
})

export const systemForm = z
  .object({
    code: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,29}$/, 'Use small letters, digits and hyphens, at most 30 characters.'),
    nameJa: text(100),
    nameEn: text(100),
    businessArea: z.string().max(40).nullable(),
    useMode: z.enum(['single', 'shared']),
    separation: z.enum(SEPARATIONS).nullable(),
    from: day,
    tenants: tenantsForm.shape.tenants.default([]),
  })
  .superRefine((form, context) => {
    if ((form.useMode === 'shared') !== (form.separation !== null))
      context.addIssue({
        code: 'custom',
        path: ['separation'],
        message: 'Shared use needs a separation; single use has none.',
      })
    if (form.useMode === 'single' && form.tenants.length > 0)
      context.addIssue({ code: 'custom', path: ['tenants'], message: 'Single use has no tenants.' })
    if (form.useMode === 'shared')
      for (const issue of checkShares(form.tenants))
        context.addIssue({ code: 'custom', path: [...issue.path], message: issue.message })
  })
export type SystemForm = z.infer<typeof systemForm>

/** What a system is called and what it serves, from that day on. */
export const systemChangeForm = z.object({
  nameJa: text(100),
  nameEn: text(100),
  businessArea: z.string().max(40).nullable(),
  from: day,
})
export type SystemChangeForm = z.infer<typeof systemChangeForm>

export const contractForm = z
  .object({
    number: text(60),
    operatorId: z.string().max(100),
    role: z.enum(CONTRACT_ROLES),
    from: day,
    to: day,
    systemIds: z.array(z.string().max(100)).max(200),
  })
  .refine((form) => form.from < form.to, { path: ['to'], message: 'The contract must end after it begins.' })
export type ContractForm = z.infer<typeof contractForm>

/** A longer or shorter contract, for these systems. */
export const contractChangeForm = z.object({ to: day, systemIds: contractForm.shape.systemIds })
export type ContractChangeForm = z.infer<typeof contractChangeForm>

export const personForm = z.object({
  userName: z.string().regex(/^[a-z0-9][a-z0-9._@-]{2,99}$/, 'Use small letters, digits and . _ @ -.'),
  email,
  nameJa: text(60),
  firstName: latin,
  lastName: latin,
  from: day,
})
export type PersonForm = z.infer<typeof personForm>

/** A name or an address put right; the user name is who the person is, and stays. */
export const personChangeForm = personForm.pick({
  email: true,
  nameJa: true,
  firstName: true,
  lastName: true,
})
export type PersonChangeForm = z.infer<typeof personChangeForm>

/** `day` is the first day on which it is over. */
export const leaveForm = z.object({ day })

export const grantForm = z.object({
  personId: z.string().max(100),
  role: z.enum(ROLES),
  contractId: z.string().max(100).nullable().default(null),
  from: day,
  to: day.nullable().default(null),
})
export type GrantForm = z.infer<typeof grantForm>
