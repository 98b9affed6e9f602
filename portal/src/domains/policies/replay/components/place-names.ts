import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTexts } from '../../../../i18n/messages.ts'
import { guardrailsQuery } from '../../api.ts'
import { texts } from '../i18n/texts.ts'

/** Root, OUs and accounts by their names of today, with the id that the replay knows them by; unknown ids stand as they are. */
export type PlaceNames = (id: string) => string

export function usePlaceNames(awsOrganizationId: string): PlaceNames {
  const t = useTexts(texts)
  const { data } = useQuery(guardrailsQuery(awsOrganizationId))
  return useMemo(() => {
    const names = new Map(data?.places.map(({ id, name }) => [id, name]))
    return (id) => {
      const name = names.get(id)
      return name === undefined ? id : t.placeNamed(name, id)
    }
  }, [data, t])
}
