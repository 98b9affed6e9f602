import type { ServiceDefinition } from '../../core/contract.ts'
import { accountDone, onOrganizationChange } from './accounts.ts'
import * as baselines from './baselines.ts'
import * as controls from './controls.ts'
import * as zones from './landing-zone.ts'
import { onFastAccount } from './seed.ts'
import { settings } from './settings.ts'
import * as tags from './tags.ts'

export const controltower: ServiceDefinition = {
  signingName: 'controltower',
  model: 'controltower',
  iamPrefix: 'controltower',
  settings,
  onFastAccount,
  onOrganizationChange,
  timers: {
    account_done: accountDone,
    baseline_done: baselines.baselineDone,
    control_done: controls.controlDone,
    landing_zone_done: zones.landingZoneDone,
  },
  operations: {
    CreateLandingZone: zones.createLandingZone,
    DeleteLandingZone: zones.deleteLandingZone,
    GetLandingZone: zones.getLandingZone,
    GetLandingZoneOperation: zones.getLandingZoneOperation,
    ListLandingZoneOperations: zones.listLandingZoneOperations,
    ListLandingZones: zones.listLandingZones,
    ResetLandingZone: zones.resetLandingZone,
    UpdateLandingZone: zones.updateLandingZone,
    DisableBaseline: baselines.disableBaseline,
    EnableBaseline: baselines.enableBaseline,
    GetBaseline: baselines.getBaseline,
    GetBaselineOperation: baselines.getBaselineOperation,
    GetEnabledBaseline: baselines.getEnabledBaseline,
    ListBaselines: baselines.listBaselines,
    ListEnabledBaselines: baselines.listEnabledBaselines,
    ResetEnabledBaseline: baselines.resetEnabledBaseline,
    UpdateEnabledBaseline: baselines.updateEnabledBaseline,
    DisableControl: controls.disableControl,
    EnableControl: controls.enableControl,
    GetControlOperation: controls.getControlOperation,
    GetEnabledControl: controls.getEnabledControl,
    ListControlOperations: controls.listControlOperations,
    ListEnabledControls: controls.listEnabledControls,
    ResetEnabledControl: controls.resetEnabledControl,
    UpdateEnabledControl: controls.updateEnabledControl,
    ListTagsForResource: tags.listTagsForResource,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
  },
}
