/** Stands in for a page that the operator turned off and did not replace. */

import { html, type Markup } from '../html.ts'
import { renderCard, type Frame } from './layout.ts'

/** What the operator must know when a page is not configured. */
export interface FallbackPage {
  /** What would be here, such as `sign-in page`. */
  readonly missing: string
  readonly configurationKey: string
  readonly environmentName: string
  readonly example: string
}

/** Renders the page that names the configuration key of a missing page. */
export function renderFallback(frame: Frame, page: FallbackPage): Markup {
  return renderCard(frame, {
    title: 'Not configured yet',
    body: html`<div class="lead lead-left">
        <span class="sign" aria-hidden="true">!</span>
        <h1>The ${page.missing} is not configured</h1>
        <p>
          The mandatory configuration key <code>${page.configurationKey}</code> is missing or empty,
          so this server has no ${page.missing} to show.
        </p>
      </div>
      <p class="muted">
        If you only wanted to sign in: the operator of this server has to finish its setup.
      </p>
      <section class="details" aria-labelledby="details-title">
        <h2 id="details-title">For the operator</h2>
        <p>
          Name the page of your login and consent app, in the configuration file or the environment:
        </p>
        <pre tabindex="0"><code>${page.environmentName}=${page.example}</code></pre>
        <p>
          Every key is described in <code>docs/configuration.md</code> of Firebrand; look for
          <code>${page.configurationKey}</code>.
        </p>
      </section>`,
  })
}

/** The end of a device flow when no page of its own is configured. */
export function renderDeviceDone(frame: Frame): Markup {
  return renderCard(frame, {
    title: 'Device connected',
    body: html`<div class="lead">
      <img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />
      <h1>Your device is connected</h1>
      <p class="muted">Go back to it to continue. You can close this page.</p>
    </div>`,
  })
}

/** No such page. */
export function renderNotFound(frame: Frame): Markup {
  return renderCard(frame, {
    title: 'Page not found',
    body: html`<div class="lead">
        <img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />
        <h1>There is no page here</h1>
        <p class="muted">
          The address may be mistyped or out of date. To sign in, go back to your application and
          start from there.
        </p>
      </div>
      <div class="actions">
        <a class="button button-quiet" href="${frame.base}/">To the start page</a>
      </div>`,
  })
}

/** The root of a server in production: it says what this is, and nothing about it. */
export function renderLanding(frame: Frame): Markup {
  return renderCard(frame, {
    title: 'Sign-in service',
    body: html`<div class="lead">
      <img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />
      <h1>This is a sign-in service</h1>
      <p class="muted">
        Applications send you here to sign in. There is nothing to do on this page: go back to your
        application and sign in from there.
      </p>
    </div>`,
  })
}
