/** HTML that escapes by construction: whatever is put into a template is text, unless a template made it. */

import { escapeHtml } from '../http/escape-html.ts'

/** Markup that is safe to send. Only {@link html} makes it, so nothing else can reach a page unescaped. */
export class Markup {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }

  /** The one place where text becomes markup: the fixed parts of a template, and values that were escaped. */
  static template(strings: TemplateStringsArray, values: readonly Content[]): Markup {
    let text = strings[0] ?? ''
    for (const [index, value] of values.entries()) {
      text += rendered(value) + (strings[index + 1] ?? '')
    }
    return new Markup(text)
  }
}

/** What a template takes: text and numbers are escaped, lists are joined, `undefined` and `false` leave nothing. */
export type Content = string | number | Markup | undefined | false | readonly Content[]

/**
 * Tags a template as HTML. Values may stand where text may stand and inside quoted attributes, nowhere else: never as a
 * tag or attribute name, in an unquoted attribute, or in a `style` or `script` element.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.template(strings, values)
}

/** Text without what HTML forbids, for people to read: control characters and lone surrogates become U+FFFD. */
function readable(text: string): string {
  return text.toWellFormed().replaceAll(/[^\P{Cc}\t\n\r]/gu, '\uFFFD')
}

/**
 * An address that came from a client's registration, if a page may link to it: absolute, and http or https. Everything
 * else, `javascript:` above all, gives `undefined`.
 */
export function linkTarget(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}

function rendered(value: Content): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Markup) return value.toString()
  if (typeof value === 'string') return escapeHtml(readable(value))
  if (typeof value === 'number') return String(value)
  return value.map(rendered).join('')
}
