/** The person at the browser: signs in, agrees, and wants to be remembered. */

import type { Provider } from './provider.ts'
import type { ServerPage, Stop, UserAgent } from './user-agent.ts'

/** Whether a page asks for a password. */
export function isLoginPage(page: ServerPage): boolean {
  return page.document.querySelector('input[type=password]') !== null
}

/** Whether a page asks for consent. */
export function isConsentPage(page: ServerPage): boolean {
  return page.document.querySelector('form[action$="/ui/consent"]') !== null
}

/** Whether a page asks whether to sign out. */
export function isLogoutPage(page: ServerPage): boolean {
  return page.document.querySelector('form[action$="/ui/logout"]') !== null
}

/** Answers one page; `undefined` when it asks nothing. */
function answer(
  agent: UserAgent,
  page: ServerPage,
  account: Provider['account'],
): Promise<Stop> | undefined {
  if (isLoginPage(page)) {
    return agent.submit(page, 'accept', (_form, fields) => {
      fields.set('email', account.email)
      fields.set('password', account.password)
      fields.set('remember', '1')
    })
  }
  if (isConsentPage(page)) {
    return agent.submit(page, 'accept', (form, fields) => {
      fields.delete('grant_scope')
      for (const box of form.querySelectorAll('input[name=grant_scope]'))
        fields.append('grant_scope', box.getAttribute('value') ?? '')
      fields.set('remember', '1')
    })
  }
  return isLogoutPage(page) ? agent.submit(page, 'accept') : undefined
}

/** Answers pages until there is nothing to answer, or the browser has left. */
export async function answerPages(
  agent: UserAgent,
  first: Stop,
  account: Provider['account'],
): Promise<Stop> {
  let stop = first
  for (let asked = 0; asked < 5 && stop.kind === 'page'; asked += 1) {
    const next = answer(agent, stop, account)
    if (next === undefined) return stop
    stop = await next
  }
  return stop
}
