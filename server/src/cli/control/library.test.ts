import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAutomation } from '../../automation/check.ts'
import { actionsOfCall } from '../../automation/permissions.ts'
import { playAutomation } from '../../automation/run.ts'
import { runCases } from '../../catalog/cases.ts'
import { checkControl } from '../../catalog/check.ts'
import { coverageOf, frameworkNamed } from '../../catalog/coverage.ts'
import { FRAMEWORKS } from '../../catalog/frameworks.ts'
import type { Control } from '../../catalog/record.ts'
import { diskFacts } from '../policy/facts.ts'
import { readLibrary } from './library.ts'

const library = readLibrary()
const facts = diskFacts()

function controlNamed(id: string): Control {
  const found = library.find(({ record }) => record.id === id)
  if (found === undefined) throw new Error(`no control ${id}`)
  return found
}

describe('the library of controls', () => {
  it.each(library.map((control) => [control.record.id, control] as const))('%s is in order', (_, control) => {
    expect(checkControl(control, facts)).toEqual([])
  })

  it('notices a control that does the opposite of what its cases say', () => {
    const control = controlNamed('no-access-keys')
    const document = JSON.parse(JSON.stringify(control.documents['scp.json']).replace('"Deny"', '"Allow"'))
    const broken = { ...control, documents: { 'scp.json': document } }
    expect(runCases(broken).some(({ passed }) => !passed)).toBe(true)
  })

  it('refuses edges to what a framework does not have, and to what was withdrawn', () => {
    const control = controlNamed('ebs-encrypted')
    const [first] = control.record.frameworks
    if (first === undefined) throw new Error('no edge')
    const edges = [
      { ...first, framework: 'nist-csf-9.9' },
      { ...first, element: 'PR.DS-99' },
      { ...first, framework: 'nist-sp-800-53-r5', element: 'AC-13' },
    ]
    const issues = checkControl({ ...control, record: { ...control.record, frameworks: edges } }, facts)
    expect(issues.map(({ code, path }) => [code, path.join('/')])).toEqual([
      ['unknown_framework', 'control.json/frameworks/0/framework'],
      ['unknown_element', 'control.json/frameworks/1/element'],
      ['withdrawn_element', 'control.json/frameworks/2/element'],
    ])
  })

  it('notices identifiers that AWS does not have, and two forms of one kind', () => {
    const control = controlNamed('s3-bucket-versioning')
    const { responsive = [], detective = [] } = control.record.forms
    const forms = {
      ...control.record.forms,
      detective: [
        ...detective,
        { kind: 'config-managed-rule' as const, identifier: 'S3_BUCKET_SMILES' },
        { kind: 'security-hub' as const, control: 'S3.999' },
      ],
      responsive: [...responsive, ...responsive],
    }
    const issues = checkControl({ ...control, record: { ...control.record, forms } }, facts)
    expect(issues.map(({ code }) => code)).toEqual(['kind_twice', 'unknown_rule', 'unknown_control'])
  })

  it('wants exactly the permissions that the steps of an automation need, and a word for whoever approves', () => {
    const control = controlNamed('s3-bucket-versioning')
    const [form] = control.record.forms.responsive ?? []
    if (form === undefined) throw new Error('no form')
    const given = ['s3:PutBucketVersioning', 's3:DeleteBucket']
    const responsive = [{ ...form, automatic: false, permissions: given, resource: 'Bucket' }]
    const forms = { ...control.record.forms, responsive }
    const issues = checkControl({ ...control, record: { ...control.record, forms } }, facts)
    expect(issues.map(({ code }) => code)).toEqual([
      'permission_missing',
      'permission_unused',
      'unknown_parameter',
      'approval_missing',
    ])
  })

  it('lets no automation call what its role may not, whatever AWS answers, and ends each', () => {
    const automations = library.flatMap(({ record, documents, cases }) =>
      (record.forms.responsive ?? []).map(({ file, permissions }) => ({
        document: parseAutomation(documents[file]).document,
        given: cases.flatMap((one) => (one.form === 'ssm-automation' ? [one.parameters] : []))[0] ?? {},
        permissions,
      })),
    )
    expect(automations.length).toBeGreaterThan(40)
    const answer = fc.oneof(
      fc.constant({ reply: {} }),
      fc.constantFrom('AccessDenied', 'Throttling').map((error) => ({ error })),
    )
    fc.assert(
      fc.property(fc.constantFrom(...automations), fc.array(answer), (automation, answers) => {
        const { document, given, permissions } = automation
        if (document === null) throw new Error('no document')
        let made = 0
        const { status } = playAutomation(document, given, (service, api) => {
          expect(permissions).toEqual(expect.arrayContaining([...actionsOfCall(service, api)]))
          return answers[made++] ?? { reply: {} }
        })
        expect(['Success', 'Failed']).toContain(status)
      }),
    )
  })

  it('notices an automation that calls something else than its case says', () => {
    const control = controlNamed('kms-rotation-kept')
    const text = JSON.stringify(control.documents['automation.json'])
    const document = JSON.parse(text.replace('EnableKeyRotation', 'DisableKeyRotation'))
    const broken = { ...control, documents: { ...control.documents, 'automation.json': document } }
    const found = runCases(broken).filter(({ passed }) => !passed)
    expect(found.map(({ form }) => form)).toEqual(['ssm-automation', 'ssm-automation'])
    expect(found[0]?.found).toMatch(/^called kms:DisableKeyRotation/)
  })

  it('demands a policy below that a management policy holds back', () => {
    const control = controlNamed('s3-account-block-public-access')
    const open = { s3_attributes: { public_access_block_configuration: { '@@assign': 'all' } } }
    const broken = { ...control, documents: { ...control.documents, 's3.json': open } }
    const codes = checkControl(broken, facts).map(({ code }) => code)
    expect(codes).toEqual(['untried', 'case_failed'])
  })

  it('has a detective form for every rule of the detective pack of Control Tower', () => {
    const rules = library.flatMap(({ record }) =>
      (record.forms.detective ?? []).flatMap((form) =>
        form.kind === 'config-managed-rule' ? [form.identifier] : [],
      ),
    )
    expect(rules).toEqual(
      expect.arrayContaining([
        'EBS_OPTIMIZED_INSTANCE',
        'EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK',
        'EC2_VOLUME_INUSE_CHECK',
        'ENCRYPTED_VOLUMES',
        'IAM_USER_MFA_ENABLED',
        'INCOMING_SSH_DISABLED',
        'MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS',
        'RDS_INSTANCE_PUBLIC_ACCESS_CHECK',
        'RDS_SNAPSHOTS_PUBLIC_PROHIBITED',
        'RDS_STORAGE_ENCRYPTED',
        'RESTRICTED_INCOMING_TRAFFIC',
        'ROOT_ACCOUNT_MFA_ENABLED',
        'S3_BUCKET_PUBLIC_READ_PROHIBITED',
        'S3_BUCKET_PUBLIC_WRITE_PROHIBITED',
      ]),
    )
    expect(library.length).toBeGreaterThanOrEqual(80)
  })

  it('names the folder that cannot be read', () => {
    expect(() => readLibrary('/no/such/folder')).toThrow(/`\/no\/such\/folder` cannot be read/)
  })

  it('has the 106 subcategories of NIST CSF 2.0, each under its category', () => {
    const csf = frameworkNamed('nist-csf-2.0')
    expect(csf.elements.filter(({ id }) => /-\d\d$/.test(id))).toHaveLength(106)
    for (const framework of FRAMEWORKS) {
      const ids = new Set(framework.elements.map(({ id }) => id))
      expect(ids.size).toBe(framework.elements.length)
      expect(framework.elements.filter(({ parent }) => parent !== null && !ids.has(parent))).toEqual([])
    }
  })

  it('counts a control at its element and at every element above it', () => {
    const rows = coverageOf(frameworkNamed('nist-csf-2.0'), [controlNamed('kms-rotation-kept')])
    const served = rows
      .filter(({ controls }) => controls.preventive.length > 0)
      .map(({ element }) => element.id)
    expect(served).toEqual(['PR', 'PR.DS', 'PR.DS-01'])
  })
})
