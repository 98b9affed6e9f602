import type { Call, ServiceDefinition } from '../../core/contract.ts'
import * as automation from './automation.ts'
import * as documents from './documents.ts'
import { settings } from './settings.ts'

export const ssm: ServiceDefinition = {
  signingName: 'ssm',
  model: 'ssm',
  iamPrefix: 'ssm',
  settings,
  timers: { automation_step: automation.automationStep },
  operations: {
    CreateDocument: documents.createDocument,
    DeleteDocument: documents.deleteDocument,
    DescribeDocument: documents.describeDocument,
    DescribeDocumentPermission: documents.describeDocumentPermission,
    GetDocument: documents.getDocument,
    ListDocumentVersions: documents.listDocumentVersions,
    ListDocuments: documents.listDocuments,
    ModifyDocumentPermission: documents.modifyDocumentPermission,
    UpdateDocument: documents.updateDocument,
    UpdateDocumentDefaultVersion: documents.updateDocumentDefaultVersion,
    DescribeAutomationExecutions: automation.describeAutomationExecutions,
    DescribeAutomationStepExecutions: automation.describeAutomationStepExecutions,
    GetAutomationExecution: automation.getAutomationExecution,
    StartAutomationExecution: automation.startAutomationExecution,
    StopAutomationExecution: automation.stopAutomationExecution,
  },
  resources: ({ input, caller, region }: Call<{ Name?: string }>) => [
    input.Name === undefined || input.Name.startsWith('arn:')
      ? '*'
      : `arn:aws:ssm:${region}:${caller.accountId}:document/${input.Name}`,
  ],
}
