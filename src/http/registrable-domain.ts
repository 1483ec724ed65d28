/**
 * Whether the names below a domain belong to one owner, by the public suffix list.
 *
 * @see https://publicsuffix.org
 */

/** The list is half a megabyte in memory: loaded by the first wildcard that is asked about, and never without one. */
const load = () => import('tldts')

let list: ReturnType<typeof load> | undefined

/**
 * Whether somebody registered a domain, or a name above it, so that no stranger has a name below it: `false` for public
 * suffixes, also of hosters that give names away (`github.io`).
 *
 * @param domain lower case, without a dot in front.
 */
export async function isRegistrableDomain(domain: string): Promise<boolean> {
  list ??= load()
  const { getDomain } = await list
  return getDomain(domain, { allowPrivateDomains: true, extractHostname: false }) !== null
}
