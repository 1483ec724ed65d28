/** What a configuration file holds before it is checked. */

/** A configuration before its values are checked. */
export interface Tree {
  readonly [key: string]: unknown
}

/** Whether a parsed value is a map. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Merges maps member by member; the later value of anything else wins, arrays are replaced whole. */
export function deepMerge(earlier: Tree, later: Tree): Tree {
  const names = new Set([...Object.keys(earlier), ...Object.keys(later)])
  return Object.fromEntries(
    [...names].map((name) => {
      const [from, to] = [own(earlier, name), own(later, name)]
      if (!Object.hasOwn(later, name)) return [name, from]
      return [name, isTree(from) && isTree(to) ? deepMerge(from, to) : to]
    }),
  )
}

/** Value at a path of names, `undefined` when anything on the way is missing. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, step) => {
    if (Array.isArray(node)) return node[Number(step)] as unknown
    return isTree(node) ? own(node, String(step)) : undefined
  }, tree)
}

/** A copy of the tree with `update` applied to what stands at `path`. */
export function updateAt(
  tree: Tree,
  path: readonly string[],
  update: (present: unknown) => unknown,
): Tree {
  const [name, ...rest] = path
  if (name === undefined) return tree
  const present = own(tree, name)
  const child =
    rest.length === 0 ? update(present) : updateAt(isTree(present) ? present : {}, rest, update)
  return Object.fromEntries([
    ...Object.entries(tree).filter(([key]) => key !== name),
    [name, child],
  ])
}

/** Own members only: `constructor` or `__proto__` in a file are keys like any other. */
function own(tree: Tree, name: string): unknown {
  return Object.hasOwn(tree, name) ? tree[name] : undefined
}
