import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { frameOf } from '../../src/ui/frame.ts'
import { assets } from '../../src/ui/assets.ts'
import { respondPage } from '../../src/ui/respond-page.ts'
import { stories } from '../../src/ui/storybook.ts'
import { launchBrowser } from '../support/browser.ts'
import { startSite, type Site } from '../support/browser-server.ts'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

const frame = frameOf({ publicUrl: 'https://accounts.example', dev: true })

let axe: string
let browser: Browser
let storybook: Site

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  browser = await launchBrowser()
  storybook = await startSite((request, response) => {
    void send(request.url ?? '/', response)
  })
})

async function send(path: string, response: ServerResponse): Promise<void> {
  const page = answer(path)
  response.writeHead(page.status, Object.fromEntries(page.headers)).end(await page.text())
}

function answer(path: string): Response {
  const { stylesheet, mark } = assets()
  const asset = [stylesheet, mark].find((each) => each.path === path)
  if (asset !== undefined)
    return new Response(asset.body, { headers: { 'content-type': asset.contentType } })
  const story = stories.find(({ name }) => path === `/${name}`)
  return story === undefined
    ? new Response(null, { status: 404 })
    : respondPage(200, story.render(frame), 'self')
}

afterAll(async () => {
  await browser.close()
  await storybook.close()
})

const schemes = ['light', 'dark'] as const
const widths = [320, 1100] as const

describe.each(schemes)('every page in the %s scheme', (colorScheme) => {
  it.each(widths)(
    'has no accessibility violation and no sideways scrolling at %i pixels',
    async (width) => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 700 },
        reducedMotion: 'reduce',
        // axe is injected by the test, not by the page.
        bypassCSP: true,
      })
      const page = await context.newPage()
      const found: string[] = []
      for (const { name } of stories) {
        await page.goto(`http://127.0.0.1:${storybook.port}/${name}`)
        await page.evaluate(axe)
        const violations: readonly Violation[] = await page.evaluate(
          'axe.run().then((results) => results.violations)',
        )
        for (const { id, nodes } of violations)
          found.push(`${name}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`)
        const contentWidth: number = await page.evaluate('document.documentElement.scrollWidth')
        if (contentWidth > width) found.push(`${name}: ${contentWidth} pixels wide`)
      }
      await context.close()
      expect(found).toEqual([])
    },
    120_000,
  )
})

describe('every page', () => {
  it('loads under its own policy without a complaint', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    for (const { name } of stories) {
      // Its logo does not exist.
      if (name.startsWith('consent-long')) continue
      await page.goto(`http://127.0.0.1:${storybook.port}/${name}`)
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows where the focus is', async () => {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${storybook.port}/consent`)
    for (let stop = 0; stop < 6; stop += 1) {
      await page.keyboard.press('Tab')
      const outline = await page.evaluate(
        'getComputedStyle(document.activeElement).outlineStyle + document.activeElement.tagName',
      )
      expect(outline).toMatch(/^solid/u)
    }
    await page.close()
  })
})
