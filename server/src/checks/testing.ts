import { type Control, controlRecord } from '../catalog/record.ts'

/** A control for tests: volumes are encrypted, in CloudFormation and in Terraform. */
export function encryptedVolumes(id = 'ebs-encrypted'): Control {
  const text = { ja: '暗号化', en: 'Encrypted volumes' }
  return {
    record: controlRecord.parse({
      id,
      version: 1,
      title: text,
      objective: text,
      rationale: text,
      guidance: { ja: '暗号化してください。', en: 'Encrypt it.' },
      severity: 'high',
      services: ['ec2'],
      resourceTypes: ['AWS::EC2::Volume'],
      frameworks: [
        {
          framework: 'nist-csf-2.0',
          element: 'PR.DS-01',
          relation: 'intersects',
          source: 'test',
          reviewedBy: 'test',
          reviewedOn: '2026-11-22',
        },
      ],
      parameters: {},
      forms: {
        proactive: [
          { kind: 'cfn-guard', file: 'cfn.guard' },
          { kind: 'terraform-guard', file: 'terraform.guard' },
        ],
      },
    }),
    documents: {
      'cfn.guard': `let volumes = Resources.*[ Type == 'AWS::EC2::Volume' ]
rule encrypted when %volumes !empty { %volumes { Properties.Encrypted in [ true, 'true' ] <<Set Encrypted>> } }`,
      'terraform.guard': `let volumes = Resources.*[ Type == 'aws_ebs_volume' ]
rule encrypted when %volumes !empty { %volumes { Properties.encrypted == true <<Set encrypted>> } }`,
    },
    cases: [],
  }
}
