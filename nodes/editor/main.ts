import { providerName } from '../../lib/provider-name.ts'
import { clientsList, clientsValidator, savedClients } from './clients-list.ts'
import { configLinks, followLinks } from './config-link.ts'
import { detectButton } from './detect.ts'
import { faultFields, faultsValidator, savedFaults } from './faults.ts'
import { httpFields } from './http-fields.ts'
import { httpValidators } from './http-validators.ts'
import { followStores, onlyStoreValidator, storeFields } from './message-store.ts'
import { modemFields, pinValidator, regexValidator } from './modem-fields.ts'
import { numberWebhook } from './number-webhook.ts'
import { providerField } from './provider-field.ts'
import { providerValidator, recountUsers } from './providers.ts'
import { saveSendFields, sendFields } from './send-fields.ts'
import { guardsField, guardsValidator, routesList, routesValidator, savedGuards, savedRoutes } from './routes-list.ts'
import { slotFields, slotValidator, saveSlots } from './router-slots.ts'
import { savedSensors, sensorsList, sensorsValidator } from './sensors-list.ts'
import { savedStates, stateBoxes } from './state-boxes.ts'
import { addStyle } from './style.ts'
import { suggestCountries, suggestTimeZones } from './suggestions.ts'
import { text } from './texts.ts'
import { connectionTest } from './trial.ts'
import {
  allowListValidator,
  matchValidator,
  maxWaitValidator,
  numberValidator,
  patternValidator,
  phoneListValidator,
  recipientValidator,
  refuseValidator,
  timeZoneValidator,
} from './validators.ts'
import { smscPasswordValidator, smscSecretValidator } from './smsc-fields.ts'
import { apiKeySecretValidator, authTokenValidator } from './twilio-fields.ts'
import { pathValidator, publicUrlValidator, webhookFields, webhookPathValidator } from './webhook-fields.ts'

/** What the scripts in this package's html files use; they load this module first. */
const smsEditor = {
  text,
  providerName,
  providerField,
  sendFields,
  saveSendFields,
  webhookFields,
  httpFields,
  modemFields,
  detectButton,
  numberWebhook,
  connectionTest,
  sensorsList,
  savedSensors,
  clientsList,
  savedClients,
  slotFields,
  saveSlots,
  routesList,
  savedRoutes,
  guardsField,
  savedGuards,
  faultFields,
  savedFaults,
  configLinks,
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
    recipient: recipientValidator,
    allowList: allowListValidator,
    match: matchValidator,
    refuse: refuseValidator,
    maxWait: maxWaitValidator,
    timeZone: timeZoneValidator,
    sensors: sensorsValidator,
    clients: clientsValidator,
    slot: slotValidator,
    routes: routesValidator,
    guards: guardsValidator,
    faults: faultsValidator,
    onlyStore: onlyStoreValidator,
    publicUrl: publicUrlValidator,
    webhookPath: webhookPathValidator,
    path: pathValidator,
    authToken: authTokenValidator,
    apiKeySecret: apiKeySecretValidator,
    ...httpValidators,
    pin: pinValidator,
    regex: regexValidator,
    smscPassword: smscPasswordValidator,
    smscSecret: smscSecretValidator,
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
followLinks()
followStores()
