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
      title: 'This cannot be read as JSON',
      text: 'Copy all of the event, from the first { to the last }. The end may be missing.',
    },
    no_event: {
      title: 'This does not look like a CloudTrail event',
      text: 'Paste JSON that has eventName and eventSource. “Event history” in CloudTrail shows it as “Event record” when you open an event.',
    },
    no_denial: {
      title: 'There is no message of a denial in it',
      text: 'Paste the whole message, which says “is not authorized to perform”.',
    },
    bare_denial: {
      title: 'It says only that access was denied',
      text: 'Some services of AWS give no reason. Open the event of the same time in “Event history” of CloudTrail and paste its JSON.',
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
  notReadable: (account) => `The controls of account ${account} cannot be looked at`,
  notReadableText:
    'The account is not registered, or you may not read it. The answer rests on what you pasted alone.',
  notSwept: 'The controls of this account have not been read yet. The answer rests on what you pasted alone.',
  noAccount:
    'The account is not known, so controls were not looked at. Choose the account for a better answer.',
  skipped: 'This event is no call that permissions are asked for',
  skippedText: (reason) => `So the controls were not asked (reason: ${reason}).`,
  forbidderOf: {
    centre: 'The central controls forbid it',
    own_iam: 'The settings of your own organisation (IAM) do not allow it',
    resource_owner: 'The settings of the resource do not allow it',
    network: 'The settings of the network (VPC endpoint) do not allow it',
    open: 'What is known does not decide it',
  },
  meaningOf: {
    centre:
      'This is a rule of the centre that runs Government Cloud. Even if your administrator allows it in IAM, it cannot be done.',
    own_iam:
      'No central rule forbids it; the user or role lacks a permission. Your administrator can add it.',
    resource_owner:
      'The resource (S3 bucket, encryption key …) does not allow this caller. Whoever manages the resource sets that.',
    network: 'The VPC endpoint on the way does not allow this call.',
    open: 'The central controls may forbid it, or the settings of your organisation may not allow it.',
  },
  todoTitle: 'What to do next',
  // One step on each line.
  todoOf: {
    centre:
      'Read “Rules that forbid it” above, if it is there, and see whether another way (another region, another setting) serves the same purpose.\nIf your work needs it all the same, apply to the central operators for an exception: say why, for how long, and on what.\nAdd “Details” of this page to the application; it will be quicker.',
    own_iam:
      'Send “Details” below to the administrator (Admin) of your AWS account.\nThe administrator allows just that action in the IAM policy of the user or role, and in its permissions boundary if it has one.',
    resource_owner:
      'Send “Details” below to whoever manages the resource: the administrator of the same account, or the other organisation that owns it.\nFor a resource of another account, both the resource and the IAM settings of your own organisation must allow it.',
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
  },
  changed:
    'AWS says that a central control denied it, but those in force today do not. They may have changed since: try again.',
  namedPolicy: (name) => `The policy that AWS named: ${name}`,
  rules: 'Rules that forbid it',
  ruleNamed: (policy, statement) => `${policy} (${statement})`,
  statementNumber: (at) => `statement ${at}`,
  attachedAt: (place) => `Attached to: ${place}`,
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
