import type { PatternElement, PolicyKind } from '../policies.ts'
import { GRAMMARS } from './grammar.ts'
import type { JsonMember, JsonObject } from './json-node.ts'
import { isEmptyList, placeOf, type Report, textsOf } from './report.ts'
import { arnProblem } from './resource-arn.ts'
import { VARIABLE_HINT, variableProblem } from './variables.ts'

/** `Action` or `NotAction`; `null` when it is missing or cannot be read. */
export function readAction(node: JsonObject, kind: PolicyKind, report: Report): PatternElement | null {
  const member = oneOf(node, 'Action', 'NotAction', report)
  if (member === null) return null
  if (member === undefined) {
    report.error(
      node,
      'no_action',
      'The statement has no `Action`.',
      'Add `Action` (or `NotAction`): `"Action": "s3:*"`.',
    )
    return null
  }
  const { name, grammar } = { name: member.key, grammar: GRAMMARS[kind] }
  if (name === 'NotAction' && !grammar.notAction)
    report.error(
      member.place,
      'not_action_forbidden',
      `${cap(grammar.name)} cannot have \`NotAction\`.`,
      'List the actions with `Action`.',
    )
  const texts = textsOf(member.value, `\`${name}\``, report)
  if (isEmptyList(member.value))
    report.error(member.place, 'no_action', `\`${name}\` is an empty list.`, 'Name at least one action.')
  // Who names a resource took the kind for another one, and is told so by that.
  const onlySts = kind === 'trust' && !node.members.some(({ key }) => /^(Not)?Resource$/.test(key))
  for (const { text, at } of texts) {
    const problem = actionProblem(text) ?? (onlySts ? trustProblem(text) : null)
    if (problem !== null)
      report.error(
        at,
        problem.code,
        `\`${text}\` is no action${onlySts ? ' of a trust policy' : ''}: ${problem.message}.`,
        problem.hint,
      )
  }
  return {
    negated: name === 'NotAction',
    patterns: texts.map(({ text }) => text),
    at: texts.map(({ at }) => at),
    place: placeOf(member.place),
  }
}

/** IAM: "AssumeRole policy may only specify STS AssumeRole actions." */
const trustProblem = (text: string): ActionProblem | null =>
  text === '*' || /^[a-z0-9*?]*:/i.exec(text)?.[0].toLowerCase() === 'sts:'
    ? null
    : { code: 'bad_action', message: 'a trust policy speaks of STS alone', hint: 'Write `sts:AssumeRole`.' }

interface ActionProblem {
  readonly code: 'bad_action' | 'bad_action_name' | 'service_wildcard'
  readonly message: string
  readonly hint: string
}

function actionProblem(text: string): ActionProblem | null {
  if (text === '*') return null
  const code = 'bad_action'
  const [service = '', name, ...rest] = text.split(':')
  if (text.includes(',') || text.includes(';'))
    return {
      code: rest.length > 0 ? code : 'bad_action_name',
      message: 'it is a list in one text',
      hint: `Write each by itself: \`[${text
        .split(/[,;]/)
        .map((part) => `"${part.trim()}"`)
        .join(', ')}]\`.`,
    }
  if (name === undefined) return withoutPrefix(text)
  if (/^arn$/i.test(service))
    return {
      code,
      message: 'it is an ARN',
      hint: 'That belongs into `Resource`; an action is `s3:GetObject`.',
    }
  if (rest.length > 0) return { code, message: 'it has more than one colon', hint: 'Write `service:Action`.' }
  if (/\s/.test(text))
    return {
      code: /\s/.test(service) ? code : 'bad_action_name',
      message: 'it has a space in it',
      hint: `Write \`${text.replace(/\s/g, '')}\`.`,
    }
  // IAM takes a full stop, too, though no service has one; that it knows none is a warning.
  if (!/^[A-Za-z0-9*?.-]+$/.test(service))
    return {
      code: 'bad_action',
      message: `\`${service}\` is no service prefix`,
      hint: 'A prefix has letters, digits and hyphens: `s3`, `cognito-idp`.',
    }
  // IAM: "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards." `*:*` is another spelling of `*`.
  if (/[*?]/.test(service) && text !== '*:*')
    return {
      code: 'service_wildcard',
      message: 'a service prefix cannot have wildcards',
      hint: `Name each service: \`s3:${name}\`; only \`*\` stands for everything.`,
    }
  // `execute-api` and `iot` style names carry other characters nowhere: letters, digits and wildcards only.
  if (!/^[A-Za-z0-9*?_.-]+$/.test(name))
    return {
      code: 'bad_action_name',
      message: `\`${name}\` is no name of an action`,
      hint: 'A name has letters and digits, and may have `*` and `?` anywhere.',
    }
  return null
}

/** `s3/GetObject`, `s3.GetObject`: another separator; `GetObject`: no service; `s3`: no action. */
function withoutPrefix(text: string): ActionProblem {
  const [, service, name] = /^([a-z][a-z0-9-]+)[./ ]+([A-Z*]\w*\*?)$/.exec(text) ?? []
  if (service !== undefined && name !== undefined)
    return {
      code: 'bad_action',
      message: 'between service and action stands no colon',
      hint: `Write \`${service}:${name}\`.`,
    }
  if (/^[a-z][a-z0-9-]*$/.test(text))
    return {
      code: 'bad_action',
      message: 'service and action are joined by a colon',
      hint: `If it is the service, write \`${text}:*\`; if it is the action, \`service:${text}\`.`,
    }
  return {
    code: 'bad_action',
    message: 'the service prefix is missing',
    hint: `Write \`service:${text}\`, or \`*\` for everything.`,
  }
}

/** `Resource` or `NotResource`; `null` where the kind has none, `undefined` when it is wrong. */
export function readResource(
  node: JsonObject,
  kind: PolicyKind,
  report: Report,
): PatternElement | null | undefined {
  const rule = GRAMMARS[kind].resource
  const member = oneOf(node, 'Resource', 'NotResource', report)
  if (member === null) return undefined
  if (member === undefined) {
    if (rule !== 'required') return null
    report.error(
      node,
      'no_resource',
      'The statement has no `Resource`.',
      'Add `Resource` (or `NotResource`): `"Resource": "*"`.',
    )
    return undefined
  }
  if (rule === 'forbidden') {
    report.error(
      member.place,
      'resource_forbidden',
      `${cap(GRAMMARS[kind].name)} cannot have \`${member.key}\`.`,
      'Remove it: the role is the resource.',
    )
    return undefined
  }
  const texts = textsOf(member.value, `\`${member.key}\``, report)
  if (isEmptyList(member.value))
    report.error(
      member.place,
      'no_resource',
      `\`${member.key}\` is an empty list.`,
      'Name at least one resource.',
    )
  for (const { text, at } of texts) {
    const problem = resourceProblem(text) ?? arnProblem(text, kind)
    if (problem !== null)
      report.error(at, problem.code, `\`${text}\` is no resource: ${problem.message}.`, problem.hint)
  }
  return {
    negated: member.key === 'NotResource',
    patterns: texts.map(({ text }) => text),
    at: texts.map(({ at }) => at),
    place: placeOf(member.place),
  }
}

function resourceProblem(text: string): { code: 'bad_resource'; message: string; hint: string } | null {
  if (text === '*') return null
  const code = 'bad_resource'
  if (!/^arn:/.test(text))
    return {
      code,
      message: 'it is neither an ARN nor `*`',
      hint: /^[*?]+$/.test(text) ? 'Write `*`.' : 'An ARN begins with `arn:`: `arn:aws:s3:::bucket/*`.',
    }
  const variable = variableProblem(text)
  if (variable !== null) return { code, message: variable, hint: VARIABLE_HINT }
  if (text.split(':').length < 6 && !text.endsWith('*'))
    return {
      code,
      message: 'an ARN has six parts',
      hint: '`arn:partition:service:region:account:resource`; parts may be empty or `*`.',
    }
  return null
}

/** The one of a pair that is there; `undefined` when none is, `null` (reported) when both are. */
function oneOf(
  node: JsonObject,
  name: string,
  negated: string,
  report: Report,
): JsonMember | null | undefined {
  const found = [name, negated].flatMap((key) => node.members.findLast((m) => m.key === key) ?? [])
  if (found.length < 2) return found[0]
  report.error(
    node,
    'both_elements',
    `The statement has both \`${name}\` and \`${negated}\`.`,
    'Keep one; split the statement if you need both.',
  )
  return null
}

export const cap = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
