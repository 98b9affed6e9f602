import { AwsError, type Call, type World } from '../../core/contract.ts'
import { at, place } from './state.ts'

interface Recorder {
  readonly name: string
  readonly roleARN: string
  readonly recordingGroup: Readonly<Record<string, unknown>>
  readonly recording: boolean
  readonly startedAt: number | null
  readonly stoppedAt: number | null
}

interface Channel {
  readonly name: string
  readonly s3BucketName?: string
}

/** Key: account/Region/ — one of each. */
const recordersOf = (world: World) => world.table<Recorder>('config.recorders')
const channelsOf = (world: World) => world.table<Channel>('config.channels')

/** Does Config record in that account and Region? */
export function records(world: World, accountId: string, region: string): boolean {
  const own = recordersOf(world).get(place(accountId, region, ''))
  return own ? own.recording : world.limit('config.recorder_everywhere') === 1
}

export const noRecorder = () =>
  new AwsError(
    'NoAvailableConfigurationRecorderException',
    'Configuration recorder is not available to process the request.',
  )

interface PutInput {
  readonly ConfigurationRecorder: {
    readonly name?: string
    readonly roleARN?: string
    readonly recordingGroup?: Readonly<Record<string, unknown>>
  }
}

export function putConfigurationRecorder(call: Call<PutInput>): void {
  const { name = 'default', roleARN, recordingGroup } = call.input.ConfigurationRecorder
  const known = recordersOf(call.world).get(at(call))
  if (known && known.name !== name)
    throw new AwsError(
      'MaxNumberOfConfigurationRecordersExceededException',
      `Failed to put configuration recorder '${name}' because the maximum number of configuration recorders: 1 is reached.`,
    )
  if (!roleARN || !/^arn:aws[\w-]*:iam::\d{12}:role\/.+/.test(roleARN))
    throw new AwsError('InvalidRoleException', `The role ${roleARN ?? ''} is not valid.`)
  const group = recordingGroup ?? { allSupported: true, includeGlobalResourceTypes: false }
  const types = (group.resourceTypes as readonly string[] | undefined) ?? []
  if (group.allSupported === true && types.length > 0)
    throw new AwsError('InvalidRecordingGroupException', 'The recording group provided is not valid')
  recordersOf(call.world).put(at(call), {
    recording: false,
    startedAt: null,
    stoppedAt: null,
    ...known,
    name,
    roleARN,
    recordingGroup: group,
  })
}

const unknown = (name: string) =>
  new AwsError(
    'NoSuchConfigurationRecorderException',
    `Cannot find configuration recorder with the specified name '${name}'.`,
  )

function named(call: Call<{ ConfigurationRecorderNames?: readonly string[] }>): readonly Recorder[] {
  const one = recordersOf(call.world).get(at(call))
  for (const name of call.input.ConfigurationRecorderNames ?? []) if (one?.name !== name) throw unknown(name)
  return one ? [one] : []
}

type Names = Call<{ ConfigurationRecorderNames?: readonly string[] }>

export const describeConfigurationRecorders = (call: Names) => ({
  ConfigurationRecorders: named(call).map(({ name, roleARN, recordingGroup }) => ({
    name,
    roleARN,
    recordingGroup,
  })),
})

export const describeConfigurationRecorderStatus = (call: Names) => ({
  ConfigurationRecordersStatus: named(call).map((one) => ({
    name: one.name,
    recording: one.recording,
    lastStartTime: one.startedAt ?? undefined,
    lastStopTime: one.stoppedAt ?? undefined,
    lastStatus: one.startedAt === null ? 'Pending' : 'Success',
    lastStatusChangeTime: one.stoppedAt ?? one.startedAt ?? undefined,
  })),
})

type Named = Call<{ ConfigurationRecorderName: string }>

function recorderOf(call: Named): Recorder {
  const found = recordersOf(call.world).get(at(call))
  if (found?.name !== call.input.ConfigurationRecorderName)
    throw unknown(call.input.ConfigurationRecorderName)
  return found
}

export function startConfigurationRecorder(call: Named): void {
  const found = recorderOf(call)
  if (!channelsOf(call.world).has(at(call)))
    throw new AwsError(
      'NoAvailableDeliveryChannelException',
      'Delivery channel is not available to start configuration recorder.',
    )
  recordersOf(call.world).put(at(call), { ...found, recording: true, startedAt: call.world.now() })
}

export function stopConfigurationRecorder(call: Named): void {
  recordersOf(call.world).put(at(call), {
    ...recorderOf(call),
    recording: false,
    stoppedAt: call.world.now(),
  })
}

export function deleteConfigurationRecorder(call: Named): void {
  recorderOf(call)
  recordersOf(call.world).delete(at(call))
}

export function putDeliveryChannel(
  call: Call<{ DeliveryChannel: { name?: string; s3BucketName?: string } }>,
): void {
  const { name = 'default', s3BucketName, ...rest } = call.input.DeliveryChannel
  if (!recordersOf(call.world).has(at(call))) throw noRecorder()
  if (!s3BucketName)
    throw new AwsError('NoSuchBucketException', 'Cannot find a S3 bucket with an empty bucket name.')
  const known = channelsOf(call.world).get(at(call))
  if (known && known.name !== name)
    throw new AwsError(
      'MaxNumberOfDeliveryChannelsExceededException',
      `Failed to put delivery channel '${name}' because the maximum number of delivery channels: 1 is reached.`,
    )
  channelsOf(call.world).put(at(call), { ...rest, name, s3BucketName })
}

const noChannel = (name: string) =>
  new AwsError(
    'NoSuchDeliveryChannelException',
    `Cannot find delivery channel with specified name '${name}'.`,
  )

export function describeDeliveryChannels(call: Call<{ DeliveryChannelNames?: readonly string[] }>) {
  const one = channelsOf(call.world).get(at(call))
  for (const name of call.input.DeliveryChannelNames ?? []) if (one?.name !== name) throw noChannel(name)
  return { DeliveryChannels: one ? [one] : [] }
}

export function deleteDeliveryChannel(call: Call<{ DeliveryChannelName: string }>): void {
  const { DeliveryChannelName: name } = call.input
  if (channelsOf(call.world).get(at(call))?.name !== name) throw noChannel(name)
  if (recordersOf(call.world).get(at(call))?.recording)
    throw new AwsError(
      'LastDeliveryChannelDeleteFailedException',
      `Failed to delete last specified delivery channel with name '${name}', because there, because there is a running configuration recorder.`,
    )
  channelsOf(call.world).delete(at(call))
}

export function requireRecording(call: Call<unknown>): void {
  if (!records(call.world, call.caller.accountId, call.region))
    throw new AwsError(
      'NoRunningConfigurationRecorderException',
      'There is no configuration recorder running.',
    )
}

export const checkRange = (from: number | undefined, to: number | undefined): void => {
  if (from !== undefined && to !== undefined && from > to)
    throw new AwsError('InvalidTimeRangeException', 'The specified time range is not valid.')
}
