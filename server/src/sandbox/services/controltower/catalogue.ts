/**
 * Baselines and versions that Control Tower offers. Names: controltower user guide, types-of-baselines. Ids of the
 * ARNs: as published by awslabs/landing-zone-accelerator-on-aws for the first five; the last two are ours, so clients
 * must find baselines by name through ListBaselines. As of 2026-11-21.
 */
export interface BaselineKind {
  readonly name: string
  readonly id: string
  readonly description: string
  /** Where it is enabled: on OUs by people, or by the landing zone itself. */
  readonly target: 'ou' | 'landing_zone'
}

export const BASELINES: readonly BaselineKind[] = [
  {
    name: 'AWSControlTowerBaseline',
    id: '17BSJV3IGJ2QSGA2',
    description: 'Sets up resources and mandatory controls for member accounts within the target OU.',
    target: 'ou',
  },
  {
    name: 'BackupBaseline',
    id: '3WPD0NA6TJ9AOMU2',
    description: 'Sets up AWS Backup plans in the accounts of the target OU.',
    target: 'ou',
  },
  {
    name: 'IdentityCenterBaseline',
    id: 'LN25R72TTG6IGPTQ',
    description: 'Sets up shared resources for AWS IAM Identity Center.',
    target: 'landing_zone',
  },
  {
    name: 'AuditBaseline',
    id: '4T4HA1KMO10S6311',
    description: 'Sets up resources for security and auditing in the audit account.',
    target: 'landing_zone',
  },
  {
    name: 'LogArchiveBaseline',
    id: 'J8HX46AHS5MIKQPD',
    description: 'Sets up a central repository for logs of accounts.',
    target: 'landing_zone',
  },
  {
    name: 'BackupCentralVaultBaseline',
    id: 'SANDBOXBACKUPVLT',
    description: 'Sets up a central AWS Backup vault.',
    target: 'landing_zone',
  },
  {
    name: 'BackupAdminBaseline',
    id: 'SANDBOXBACKUPADM',
    description: 'Sets up the delegated administrator of AWS Backup.',
    target: 'landing_zone',
  },
]

export const BASELINE_VERSION = '4.0'
/** Landing-zone versions; the last one is the latest available. Auto-enrolment needs 3.1. */
export const LANDING_ZONE_VERSIONS = ['3.0', '3.1', '3.2', '3.3'] as const
export const LATEST_LANDING_ZONE = LANDING_ZONE_VERSIONS[LANDING_ZONE_VERSIONS.length - 1] ?? '3.3'

export const baselineArn = (region: string, kind: BaselineKind) =>
  `arn:aws:controltower:${region}::baseline/${kind.id}`
export const baselineById = (arn: string) => BASELINES.find((b) => arn.endsWith(`/${b.id}`))
