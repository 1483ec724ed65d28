/** Version of this server: `v` and the semantic version of the package. */
export const firebrandVersion = 'v0.1.0'
