/** JSON values as they travel (RFC 8259). */

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [member: string]: Json | undefined }

/** A JSON object. */
export interface JsonObject {
  readonly [member: string]: Json | undefined
}
