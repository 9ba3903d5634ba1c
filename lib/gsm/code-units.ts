/** Room for the code units of a text that is being read; one text is read at a time. */
export const UNITS = new Uint16Array(0x1000)

/** Text of the first code units there. */
export const textOfUnits = (count: number): string =>
  // What TypeScript wants is an array, what engines take is anything like one.
  String.fromCharCode.apply(null, UNITS.subarray(0, count) as unknown as number[])
