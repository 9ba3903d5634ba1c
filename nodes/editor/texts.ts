/** The catalogue with the texts that several nodes share. */
const SHARED = '@sms-flows/node-red-sms/sms-out:'

type Variables = Readonly<Record<string, string | number>>

/** A text of the shared catalogue, in the language of the editor. */
export const text = (key: string, variables?: Variables): string => RED._(SHARED + key, variables)

/** The key as the editor's own functions take it. */
export const textKey = (key: string): string => SHARED + key

/** What the editor tells a validator: the property's label, translated. */
export interface ValidatorOptions {
  readonly label?: string
}

/** Why a property is not valid, as its tooltip says it. */
export const reason = (key: string, options: ValidatorOptions | undefined, variables?: Variables): string => {
  const why = text(`validation.${key}`, variables)
  return options?.label === undefined ? why : `${options.label}: ${why}`
}
