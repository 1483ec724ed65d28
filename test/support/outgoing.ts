import type { Outgoing } from '../../src/context.ts'

/**
 * A way out of the server that ends in a map of documents by URL; at any other URL nothing answers.
 *
 * @param asked gets every URL that the server asked for.
 */
export function outgoingTo(
  documents: ReadonlyMap<string, string> = new Map(),
  asked: string[] = [],
): Outgoing {
  return {
    async fetch({ url }) {
      asked.push(url)
      const text = documents.get(url)
      return text === undefined
        ? { ok: false, error: 'unreachable' }
        : { ok: true, value: { status: 200, headers: {}, text } }
    },
    mayConnect: async () => true,
  }
}
