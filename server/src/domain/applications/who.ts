/** Who must act next: the organisation's owner, then the centre. */
export type Stage = 'organisation' | 'centre'

export interface Who {
  readonly id: string
  readonly name: string
  readonly role: string
}
