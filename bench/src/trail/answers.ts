import type { Random } from '../../../server/src/kernel/random.ts'
import { hex, uuid } from './people.ts'

interface Owner {
  readonly account: string
  readonly region: string
}

/** The large parts of records: descriptions that AWS answers with and that no policy asks for. */
export const instanceOf = (r: Random, a: Owner, type: string, image: string, subnet: string) => ({
  instanceId: `i-0${hex(r, 16)}`,
  imageId: image,
  currentState: { code: 0, name: 'pending' },
  privateDnsName: `ip-10-0-1-${Math.floor(r.next() * 255)}.${a.region}.compute.internal`,
  amiLaunchIndex: 0,
  productCodes: {},
  instanceType: type,
  launchTime: 1_795_309_200_000,
  placement: { availabilityZone: `${a.region}a`, tenancy: 'default' },
  monitoring: { state: 'disabled' },
  subnetId: subnet,
  vpcId: 'vpc-0a1b2c3d',
  privateIpAddress: `10.0.1.${Math.floor(r.next() * 255)}`,
  stateReason: { code: 'pending', message: 'pending' },
  architecture: 'x86_64',
  rootDeviceType: 'ebs',
  rootDeviceName: '/dev/xvda',
  blockDeviceMapping: {},
  virtualizationType: 'hvm',
  hypervisor: 'xen',
  networkInterfaceSet: {
    items: [
      {
        networkInterfaceId: `eni-0${hex(r, 16)}`,
        subnetId: subnet,
        vpcId: 'vpc-0a1b2c3d',
        ownerId: a.account,
        status: 'in-use',
        macAddress: '06:aa:bb:cc:dd:ee',
        privateIpAddress: '10.0.1.5',
        sourceDestCheck: true,
        groupSet: { items: [{ groupId: 'sg-01', groupName: 'web' }] },
        attachment: {
          attachmentId: `eni-attach-0${hex(r, 16)}`,
          deviceIndex: 0,
          status: 'attaching',
          attachTime: 1_795_309_200_000,
          deleteOnTermination: true,
        },
      },
    ],
  },
  ebsOptimized: true,
  cpuOptions: { coreCount: 1, threadsPerCore: 2 },
  metadataOptions: {
    state: 'pending',
    httpTokens: 'required',
    httpPutResponseHopLimit: 2,
    httpEndpoint: 'enabled',
  },
  enclaveOptions: { enabled: false },
})

export const findingOf = (r: Random) => ({
  schemaVersion: '2018-10-08',
  id: `arn:aws:securityhub:ap-northeast-1:111122223333:subscription/aws-foundational-security-best-practices/v/1.0.0/S3.1/finding/${uuid(r)}`,
  productArn: 'arn:aws:securityhub:ap-northeast-1::product/aws/securityhub',
  generatorId: 'aws-foundational-security-best-practices/v/1.0.0/S3.1',
  title: 'S3.1 S3 Block Public Access setting should be enabled',
  description:
    'This AWS control checks whether the following public access block settings are configured from account level: ignorePublicAcls: True, blockPublicPolicy: True.',
  severity: { label: 'MEDIUM', normalized: 40 },
})
