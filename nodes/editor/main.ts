import { faultFields, faultsValidator, savedFaults } from './faults.ts'
import { followStores, onlyStoreValidator, storeField, storeFields } from './message-store.ts'
import { providerField } from './provider-field.ts'
import { providerValidator, recountUsers } from './providers.ts'
import { saveSendFields, sendFields } from './send-fields.ts'
import { savedSensors, sensorsList, sensorsValidator } from './sensors-list.ts'
import { savedStates, stateBoxes } from './state-boxes.ts'
import { addStyle } from './style.ts'
import { suggestCountries, suggestTimeZones } from './suggestions.ts'
import { text } from './texts.ts'
import {
  allowListValidator,
  matchValidator,
  maxWaitValidator,
  numberValidator,
  patternValidator,
  phoneListValidator,
  timeZoneValidator,
} from './validators.ts'
import { apiKeySecretValidator, authTokenValidator } from './twilio-fields.ts'
import { publicUrlValidator, webhookFields, webhookPathValidator } from './webhook-fields.ts'

/** What the scripts in this package's html files use; they load this module first. */
const smsEditor = {
  text,
  providerField,
  sendFields,
  saveSendFields,
  webhookFields,
  sensorsList,
  savedSensors,
  faultFields,
  savedFaults,
  storeField,
  storeFields,
  stateBoxes,
  savedStates,
  suggestCountries,
  suggestTimeZones,
  valid: {
    provider: providerValidator,
    number: numberValidator,
    pattern: patternValidator,
    phones: phoneListValidator,
    allowList: allowListValidator,
    match: matchValidator,
    maxWait: maxWaitValidator,
    timeZone: timeZoneValidator,
    sensors: sensorsValidator,
    faults: faultsValidator,
    onlyStore: onlyStoreValidator,
    publicUrl: publicUrlValidator,
    webhookPath: webhookPathValidator,
    authToken: authTokenValidator,
    apiKeySecret: apiKeySecretValidator,
  },
} as const

declare global {
  interface Window {
    smsEditor?: typeof smsEditor
  }
}

window.smsEditor = smsEditor
addStyle()
RED.events.on('editor:save', recountUsers)
followStores()
