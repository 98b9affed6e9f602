import { expect, it } from 'vitest'
import { configuredTrails } from './trails.ts'

it('finds the trail of an AWS organisation, by its id or for all others', () => {
  const trails = configuredTrails('aws_a=/data/a, aws_b=s3://logs/AWSLogs/o-b,*=/all/{organizationId}')
  expect(trails.of('aws_a', null)).toEqual({ kind: 'folder', location: '/data/a' })
  expect(trails.of('aws_b', 'o-b')).toEqual({ kind: 's3', location: 's3://logs/AWSLogs/o-b' })
  expect(trails.of('aws_c', 'o-c')).toEqual({ kind: 'folder', location: '/all/o-c' })
  expect(trails.of('aws_c', null)).toBeNull()
  expect(configuredTrails('aws_a=/data/a').of('aws_c', 'o-c')).toBeNull()
  expect(configuredTrails(undefined).of('aws_c', 'o-c')).toBeNull()
})
