/**
 * The part of OSCAL 1.2.1 that Rankan writes, by the names of NIST's JSON format
 * (https://pages.nist.gov/OSCAL-Reference/models/v1.2.1/).
 */
export const OSCAL_VERSION = '1.2.1'

export interface Property {
  readonly name: string
  readonly ns?: string
  readonly value: string
  readonly class?: string
}

export interface Link {
  readonly href: string
  readonly rel?: string
  readonly text?: string
}

export interface Metadata {
  readonly title: string
  /** RFC 3339 with a time zone. */
  readonly 'last-modified': string
  readonly version: string
  readonly 'oscal-version': string
  readonly props?: readonly Property[]
  readonly remarks?: string
}

export interface Resource {
  readonly uuid: string
  readonly title: string
  readonly base64?: { readonly filename: string; readonly 'media-type': string; readonly value: string }
  readonly rlinks?: readonly { readonly href: string; readonly 'media-type'?: string }[]
}

export interface Param {
  readonly id: string
  readonly label?: string
  readonly values?: readonly string[]
}

export interface Part {
  readonly id?: string
  readonly name: string
  readonly prose: string
}

export interface OscalControl {
  readonly id: string
  readonly class?: string
  readonly title: string
  readonly params?: readonly Param[]
  readonly props?: readonly Property[]
  readonly links?: readonly Link[]
  readonly parts?: readonly Part[]
}

export interface OscalGroup {
  readonly id: string
  readonly title: string
  readonly controls: readonly OscalControl[]
}

export interface OscalCatalog {
  readonly catalog: {
    readonly uuid: string
    readonly metadata: Metadata
    readonly groups: readonly OscalGroup[]
    readonly 'back-matter'?: { readonly resources: readonly Resource[] }
  }
}

export interface OscalProfile {
  readonly profile: {
    readonly uuid: string
    readonly metadata: Metadata
    readonly imports: readonly {
      readonly href: string
      readonly 'include-controls': readonly { readonly 'with-ids': readonly string[] }[]
    }[]
    readonly merge: { readonly 'as-is': true }
    readonly modify?: {
      readonly 'set-parameters': readonly {
        readonly 'param-id': string
        readonly values: readonly string[]
      }[]
    }
  }
}

export interface ImplementedRequirement {
  readonly uuid: string
  readonly 'control-id': string
  readonly description: string
  readonly props: readonly Property[]
  readonly links: readonly Link[]
}

export interface ComponentDefinition {
  readonly 'component-definition': {
    readonly uuid: string
    readonly metadata: Metadata
    readonly components: readonly {
      readonly uuid: string
      readonly type: string
      readonly title: string
      readonly description: string
      readonly 'control-implementations': readonly {
        readonly uuid: string
        readonly source: string
        readonly description: string
        readonly 'implemented-requirements': readonly ImplementedRequirement[]
      }[]
    }[]
  }
}

export interface MappingCollection {
  readonly 'mapping-collection': {
    readonly uuid: string
    readonly metadata: Metadata
    readonly provenance: {
      readonly method: 'human'
      readonly 'matching-rationale': 'functional'
      readonly status: 'draft'
      readonly 'mapping-description': string
    }
    readonly mappings: readonly {
      readonly uuid: string
      readonly 'source-resource': { readonly type: 'catalog'; readonly href: string }
      readonly 'target-resource': { readonly type: 'catalog'; readonly href: string }
      readonly maps: readonly {
        readonly uuid: string
        readonly ns: string
        readonly relationship: string
        readonly sources: readonly [{ readonly type: 'control'; readonly 'id-ref': string }]
        readonly targets: readonly [{ readonly type: 'control'; readonly 'id-ref': string }]
        readonly props: readonly Property[]
      }[]
    }[]
  }
}
