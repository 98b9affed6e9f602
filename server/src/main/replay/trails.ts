import path from 'node:path'
import type { TrailLocation, TrailPlaces } from '../../http/policies/replays.ts'

/** Reads RANKAN_TRAILS: `aws_one=/data/trail,aws_two=s3://bucket/prefix,*=/trails/{organizationId}`. */
export function configuredTrails(setting: string | undefined): TrailPlaces {
  const places = new Map(
    (setting ?? '').split(',').flatMap((one) => {
      const at = one.indexOf('=')
      return at < 0 ? [] : [[one.slice(0, at).trim(), one.slice(at + 1).trim()] as const]
    }),
  )
  return {
    of(awsOrganizationId, organizationId) {
      const place = places.get(awsOrganizationId) ?? places.get('*')
      if (place === undefined || (place.includes('{organizationId}') && organizationId === null)) return null
      return locationOf(place.replaceAll('{organizationId}', organizationId ?? ''))
    },
  }
}

const locationOf = (place: string): TrailLocation =>
  /^s3:\/\//i.test(place)
    ? { kind: 's3', location: place }
    : { kind: 'folder', location: path.resolve(place) }
