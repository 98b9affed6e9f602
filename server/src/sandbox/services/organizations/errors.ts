import { AwsError, type Violation } from '../../core/contract.ts'

export const notInUse = () =>
  new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.')
export const noPermission = () =>
  new AwsError('AccessDeniedException', "You don't have permissions to access this resource.")
export const constraint = (reason: string, message: string) =>
  new AwsError('ConstraintViolationException', message, { Reason: reason })
export const invalidInput = (reason: string, message: string) =>
  new AwsError('InvalidInputException', message, { Reason: reason })
export const handshakeConstraint = (reason: string, message: string) =>
  new AwsError('HandshakeConstraintViolationException', message, { Reason: reason })
export const notFound = (code: string, what: string) =>
  new AwsError(code, `You specified ${what} that doesn't exist.`)
export const accountNotFound = () => notFound('AccountNotFoundException', 'an account')
export const parentNotFound = () => notFound('ParentNotFoundException', 'a parent')
export const ouNotFound = () => notFound('OrganizationalUnitNotFoundException', 'an organizational unit')
export const policyNotFound = () => notFound('PolicyNotFoundException', 'a policy')
export const targetNotFound = () => notFound('TargetNotFoundException', 'a target')

const REASONS: Readonly<Record<Violation['kind'], readonly [reason: string, message: string]>> = {
  required: ['INPUT_REQUIRED', 'You must specify a value for'],
  minLength: ['MIN_LENGTH_EXCEEDED', 'You provided a value that is too short for'],
  maxLength: ['MAX_LENGTH_EXCEEDED', 'You provided a value that is too long for'],
  minValue: ['MIN_VALUE_EXCEEDED', 'You provided a value that is too low for'],
  maxValue: ['MAX_VALUE_EXCEEDED', 'You provided a value that is too high for'],
  pattern: ['INVALID_PATTERN', 'You provided a value that does not match the required pattern for'],
  enum: ['INVALID_ENUM', 'You specified a value that is not valid for'],
}

/** Organizations names one broken constraint, with a reason code. */
export function invalidModel(violations: readonly Violation[]): AwsError {
  const first = violations[0]
  if (!first) return invalidInput('INPUT_REQUIRED', 'The request is not valid.')
  const [reason, message] = REASONS[first.kind]
  return invalidInput(reason, `${message} ${first.at}. ${first.constraint}.`)
}
