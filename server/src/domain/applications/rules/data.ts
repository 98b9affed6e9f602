import { type Evaluator, fail, missing, pass } from './types.ts'

export const customerKey: Evaluator = (form, { settings }) => {
  const data = form.data
  if (!data?.class || data.personal === undefined)
    return missing(['data', data?.class ? 'personal' : 'class'])
  const duty = data.personal || settings.keyDutyClasses.includes(data.class)
  if (duty && !data.customerKey) return fail('no_key', ['data', 'customerKey'])
  if (data.customerKey && !data.keyOwner) return fail('no_owner', ['data', 'keyOwner'])
  return data.customerKey
    ? pass('owned', ['data', 'keyOwner'], { owner: data.keyOwner ?? '' })
    : pass('not_needed', ['data', 'class'])
}

export const sharedUse: Evaluator = (form) => {
  const use = form.use
  if (!use?.mode) return missing(['use', 'mode'])
  const count = use.tenants?.length ?? 0
  if (use.mode === 'single')
    return count > 0 ? fail('tenants_in_single', ['use', 'tenants']) : pass('single', ['use', 'mode'])
  if (count === 0) return fail('no_tenants', ['use', 'tenants'])
  if (!use.separation) return fail('no_separation', ['use', 'separation'])
  if (!use.tenantsConsent) return fail('no_consent', ['use', 'tenantsConsent'])
  return pass('shared', ['use', 'tenants'], { count, separation: use.separation })
}
