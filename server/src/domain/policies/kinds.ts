/** Kinds of policies that AWS Organizations attaches to a tree, by the names that `rankan policy check` uses. */
export const GUARDRAIL_KINDS = [
  'scp',
  'rcp',
  'tag',
  'backup',
  'aiservices_opt_out',
  'declarative_ec2',
  'chatbot',
  'securityhub',
  's3',
  'bedrock',
  'inspector',
  'network_security_director',
  'upgrade_rollout',
  'guardduty',
] as const
export type GuardrailKind = (typeof GUARDRAIL_KINDS)[number]

/** Kinds that a replay can ask: the others decide no call. */
export const REPLAY_KINDS = ['scp', 'rcp'] as const
export type ReplayKind = (typeof REPLAY_KINDS)[number]

export const TARGET_KINDS = ['root', 'ou', 'account'] as const
export type TargetKind = (typeof TARGET_KINDS)[number]

export const REPLAY_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type ReplayState = (typeof REPLAY_STATES)[number]

/** `waiting`: for its turn. `reading`: new files of the trail become facts. `asking`: the facts are asked. */
export const REPLAY_PHASES = ['waiting', 'reading', 'checking', 'asking', 'done'] as const
export type ReplayPhase = (typeof REPLAY_PHASES)[number]

/** Tables of a section of the report, as they export. `missing` is of `unknown` alone, which has no `byStatement`. */
export const REPORT_TABLES = [
  'byDay',
  'byAccount',
  'byPrincipal',
  'byAction',
  'byResource',
  'byStatement',
  'groups',
  'missing',
] as const
export type ReportTable = (typeof REPORT_TABLES)[number]

/** `newlyDenied` and `newlyAllowed` exist when the replay was against another version. */
export const REPORT_SECTIONS = ['denied', 'unknown', 'newlyDenied', 'newlyAllowed'] as const
export type ReportSection = (typeof REPORT_SECTIONS)[number]

/** What can be wrong with a trail by its digest files (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html). */
export const DIGEST_PROBLEMS = [
  'digest_unreadable',
  'signature_wrong',
  'signature_missing',
  'key_missing',
  'digest_missing',
  'file_missing',
  'file_changed',
] as const

/** Why nothing of a file of a trail counts. `changed`: a file of its name was read before with another content. */
export const FILE_REFUSALS = [
  'changed',
  'too_large',
  'corrupt',
  'empty',
  'not_json',
  'foreign',
  'unreadable',
] as const
export type FileRefusal = (typeof FILE_REFUSALS)[number]
