import { counted } from '@rankan/server/kernel/text.ts'
import type { SameKeys } from '../../../../i18n/messages.ts'
import type { ja } from './ja.ts'

export const en: SameKeys<typeof ja> = {
  title: 'Why was I denied',
  lead: 'When AWS says that you are not authorised: whose rule that is, and what to do next.',
  pasted: 'The error that was shown, or the CloudTrail event',
  pastedHint:
    'Paste the whole error of the AWS console or command, or a CloudTrail event (JSON), as it is. It is used to answer and not kept.',
  account: 'AWS account',
  accountHint: 'When this is empty, it is taken from what you paste.',
  ask: 'Find out',
  answer: 'Answer',
  fault: {
    empty: {
      title: 'Paste something',
      text: 'The whole error, or a CloudTrail event, is needed.',
    },
    encoded: {
      title: 'This message is encoded',
      text: 'This command, run in that account, shows what is inside (it needs the permission sts:DecodeAuthorizationMessage). Paste what it prints here.',
    },
    not_json: {
      title: 'This seems to be only a part of an event',
      text: 'Copy all of the event, from the first { to the last }: a part is missing, or the JSON is broken. An answer from a part may be wrong.',
    },
    no_event: {
      title: 'This does not look like a CloudTrail event',
      text: 'Paste JSON that has eventName and eventSource. “Event history” in CloudTrail shows it as “Event record” when you open an event.',
    },
    no_denial: {
      title: 'There is no message of a denial in it',
      text: 'Paste the whole message, which says “is not authorized to perform”.',
    },
    credentials: {
      title: 'It is the sign-in, not a permission',
      text: 'AWS could not tell who is calling: the sign-in or the temporary credentials ran out, or a key is wrong. Sign in once more; for a command, fetch new credentials. See also whether the clock of your computer is right.',
    },
    bare_denial: {
      title: 'It says only that access was denied',
      text: 'Some services of AWS give no reason. Open the event of the same time in “Event history” of CloudTrail and paste its JSON. Some calls, like reading files of S3, do not appear there: then tell the administrator of your AWS account when, what and on what you tried.',
    },
  },
  notDenied: 'This event was not denied',
  notDeniedText: 'The call of this event went through. Paste one that failed.',
  otherError: 'It failed for another reason than permissions',
  otherErrorText: (code) =>
    `The error code is ${code}. That is no denial: look at what was asked (names, values, the state of the resource).`,
  moreEvents: (count) =>
    `There are ${counted(count, 'more event')} in what you pasted. One was looked at, a denied one first.`,
  foreign: 'This call is not of the account that you chose',
  foreignText: (inside, chosen) =>
    `What you pasted is of account ${inside}; you chose ${chosen}. The answer is about ${inside}.`,
  moreDenials: (count) =>
    `There are ${counted(count, 'more denial')} in what you pasted. The first one was looked at.`,
  notReadable: (account) => `The controls of account ${account} cannot be looked at`,
  notReadableText:
    'The account is not registered, or you may not read it. The answer rests on what you pasted alone.',
  notSwept: 'The controls of this account have not been read yet. The answer rests on what you pasted alone.',
  noAccount:
    'The account is not known, so controls were not looked at. Choose the account for a better answer.',
  skipped: 'This event is no call that permissions are asked for',
  skippedText: (reason) => `So the controls were not asked (reason: ${reason}).`,
  causeOf: {
    centre: 'The central controls forbid it',
    own_lacks: 'The settings of your own organisation (IAM) do not allow it',
    own_denies: 'The settings of your own organisation (IAM) forbid it',
    boundary: 'It is beyond the limit of permissions (permissions boundary)',
    session: 'It is beyond what this sign-in (session) may do',
    trust: 'The role does not accept this caller',
    resource_lacks: 'The settings of the resource do not allow it',
    resource_denies: 'The settings of the resource forbid it',
    s3_setting: 'A safety setting of S3 stopped it',
    network: 'The settings of the network (VPC endpoint) do not allow it',
    open: 'What is known does not decide it',
  },
  meaningOf: {
    centre:
      'This is a rule of the centre that runs Government Cloud. Even if your administrator allows it in IAM, it cannot be done.',
    own_lacks:
      'No central rule forbids it; the user or role lacks a permission. Your administrator can add it.',
    own_denies:
      'An IAM policy of your own organisation says “deny” to it. Adding a permission will not help.',
    boundary:
      'There is a limit to the permissions that this user or role may have, and this action is outside of it. Adding a permission in an IAM policy will not help.',
    session:
      'When the role was assumed, or temporary credentials were issued, a limit (session policy) was put on them, and this action is outside of it. The role itself may be allowed to do it, but not in this session.',
    trust:
      'The role that was to be assumed says who may assume it (trust policy), and this caller is not among them.',
    resource_lacks:
      'The resource (S3 bucket, encryption key …) does not allow this caller. Whoever manages the resource sets that.',
    resource_denies:
      'The policy of the resource (S3 bucket, encryption key …) says “deny” to it. A permission in IAM will not help.',
    s3_setting:
      'It is a setting against making data public (Block Public Access), or one that limits the kinds of encryption. It protects data from leaking, and a permission in IAM does not change it.',
    network: 'The VPC endpoint on the way does not allow this call.',
    open: 'The central controls may forbid it, or the settings of your organisation may not allow it.',
  },
  whoTitle: 'Who can change it',
  whoOf: {
    centre: 'The central operators (it needs an approved exception)',
    own_lacks: 'The administrator (Admin) of your AWS account',
    own_denies: 'The administrator (Admin) of your AWS account',
    boundary: 'Whoever set the boundary: mostly the administrator of your AWS account',
    session: 'Whoever issued the temporary credentials, or runs the system that does',
    trust: 'Whoever manages the role',
    resource_lacks: 'Whoever manages the resource',
    resource_denies: 'Whoever manages the resource',
    s3_setting: 'Whoever manages the bucket',
    network: 'The people who run your network',
    open: 'Not known yet',
  },
  todoTitle: 'What to do next',
  // One step on each line.
  todoOf: {
    centre:
      'Read “Rules that forbid it” above, if it is there, and see whether another way (another region, another setting) serves the same purpose.\nIf your work needs it all the same, apply to the central operators for an exception: say why, for how long, and on what.\nAdd “Details” of this page to the application; it will be quicker.',
    own_lacks:
      'Send “Details” below to the administrator (Admin) of your AWS account.\nThe administrator allows just that action in the IAM policy of the user or role, and in its permissions boundary if it has one.',
    own_denies:
      'Send “Details” below to the administrator (Admin) of your AWS account.\nThe administrator looks for the statement that denies it: in the policy that AWS named, or else in the IAM policies of the user, the role or the groups.\nIf it is denied on purpose, ask for another way. If not, the administrator changes the statement.',
    boundary:
      'Send “Details” below to the administrator (Admin) of your AWS account.\nThe administrator sees whether the boundary may include this action, or whether something within the limit serves the same purpose.\nIf the boundary comes from a template of the centre, ask the central operators before it is changed.',
    session:
      'Assume the role or sign in once more, and try again.\nIf it is the same, send “Details” below to whoever runs the system that issues the credentials, or to the administrator (Admin) of your AWS account.',
    trust:
      'Check the name of the role (“Resource” in “Details” below).\nSend “Details” to whoever manages the role: the administrator of the same account, or of the account that the role is in.\nFor a role of another account, your own IAM settings must allow sts:AssumeRole, too.',
    resource_lacks:
      'Send “Details” below to whoever manages the resource: the administrator of the same account, or the other organisation that owns it.\nFor a resource of another account, both the resource and the IAM settings of your own organisation must allow it.',
    resource_denies:
      'Send “Details” below to whoever manages the resource: the administrator of the same account, or the other organisation that owns it.\nThey look for the statement that denies it in the policy of the resource (the bucket policy, for example). If it is denied on purpose, ask for another way.',
    s3_setting:
      'See whether it can be done without making data public, or with a kind of encryption that is allowed.\nIf you are not sure, send “Details” below to whoever manages the bucket.',
    network:
      'Send “Details” below to the people who run your network.\nThey allow this call in the policy of the VPC endpoint.',
    open: 'Open the event of this call in “Event history” of CloudTrail and paste its JSON: it tells more than the message.\nIf that does not decide it, ask the administrator of your AWS account, with “Details” below.',
  },
  todoOpenEvent: 'Ask the administrator of your AWS account, with “Details” below.',
  basisTitle: 'What this answer rests on',
  basisOf: {
    said: 'The message of AWS names the kind of policy that denied it.',
    computed: 'The controls in force today deny this call.',
    left: 'The controls in force today do not deny this call. What is left is the settings of your organisation or of the resource.',
    open: 'The controls in force today do not decide this call.',
    unasked: 'What you pasted alone. The controls in force today were not asked.',
  },
  changed:
    'AWS says that a central control denied it, but those in force today do not. They may have changed since: try again.',
  namedPolicy: (name) => `The policy that AWS named: ${name}`,
  rules: 'Rules that forbid it',
  ruleNamed: (policy, statement) => `${policy} (${statement})`,
  statementNumber: (at) => `statement ${at}`,
  possibleRules: 'Rules that may forbid it',
  attachedAt: (place) => `Attached to: ${place}`,
  command: 'Command',
  inThisCall: 'In this call',
  noValue: 'no value',
  wouldDecide: 'This would decide it',
  details: 'Details (send them along when you ask somebody)',
  principal: 'User or role',
  action: 'Action',
  resource: 'Resource',
  policyKind: 'Kind that AWS named',
  policyArn: 'Policy that AWS named',
  policyKindOf: {
    scp: 'Service control policy (SCP)',
    rcp: 'Resource control policy (RCP)',
    identity: 'IAM policy of the user or role',
    boundary: 'Permissions boundary',
    session: 'Session policy',
    trust: 'Trust policy of the role',
    resource: 'Policy of the resource',
    vpc_endpoint: 'Policy of the VPC endpoint',
    s3_setting: 'Setting of S3 (Block Public Access, blocked encryption types)',
  },
  unsaid: 'not named',
  unknownValue: 'not known',
}
