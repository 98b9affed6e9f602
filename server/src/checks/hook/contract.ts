import { z } from 'zod'

/**
 * What CloudFormation sends to the Lambda function of a Lambda Hook, and what it expects back. Source: AWS CloudFormation
 * Hooks User Guide, «Create Lambda functions to evaluate resources for Lambda Hooks»,
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 * (asOf 2026-11-22). The guide writes the token both `clientRequestToken` and `clientRequesttoken`.
 */
export const hookEvent = z.looseObject({
  clientRequestToken: z.string().nullish(),
  clientRequesttoken: z.string().nullish(),
  awsAccountId: z.string(),
  stackId: z.string().nullish(),
  changeSetId: z.string().nullish(),
  hookTypeName: z.string(),
  hookTypeVersion: z.string().nullish(),
  actionInvocationPoint: z
    .enum(['CREATE_PRE_PROVISION', 'UPDATE_PRE_PROVISION', 'DELETE_PRE_PROVISION'])
    .nullish(),
  requestData: z.looseObject({
    /** `STACK`, `CHANGE_SET`, or the type of a resource. */
    targetName: z.string(),
    targetType: z.string(),
    targetLogicalId: z.string(),
    /** Of a resource. */
    targetModel: z
      .looseObject({
        resourceProperties: z.record(z.string(), z.json()).nullish(),
        previousResourceProperties: z.record(z.string(), z.json()).nullish(),
      })
      .nullish(),
    /** Of a stack or a change set: a presigned URL of S3. */
    payload: z.string().nullish(),
  }),
})
export type HookEvent = z.infer<typeof hookEvent>

/** What lies at the URL: the templates, and what a change set changes. */
export const hookPayload = z.looseObject({
  template: z.string().nullish(),
  previousTemplate: z.string().nullish(),
  changedResources: z
    .array(
      z.looseObject({
        action: z.string(),
        /** JSON of the resource's properties after the change, in which every number and boolean is a text. */
        afterContext: z.string().nullish(),
        logicalResourceId: z.string(),
        resourceType: z.string().nullish(),
      }),
    )
    .nullish(),
})
export type HookPayload = z.infer<typeof hookPayload>

export interface HookAnnotation {
  readonly annotationName: string
  readonly status: 'PASSED' | 'FAILED' | 'SKIPPED'
  readonly statusMessage?: string
  readonly remediationMessage?: string
  readonly remediationLink?: string
  readonly severityLevel?: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'
}

export interface HookResponse {
  readonly hookStatus: 'SUCCESS' | 'FAILED'
  /** Required when the status is FAILED. */
  readonly errorCode?: 'NonCompliant' | 'InternalFailure'
  readonly message: string
  readonly clientRequestToken: string | null
  readonly callbackContext: null
  readonly callbackDelaySeconds: number
  readonly annotations: readonly HookAnnotation[]
}

/** Characters that CloudFormation keeps. Source: the same page, and the API reference of `Annotation`. */
export const HOOK_LIMITS = { message: 4096, annotationMessage: 16_384 } as const
