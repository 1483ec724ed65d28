import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instant } from '../src/brand.ts'
import { Browser, reject, type TestClient } from './support/browser-flow.ts'
import { startCli } from './support/cli.ts'
import { approve, createDeviceClient, toVerifier, type DeviceCodes } from './support/device-flow.ts'
import { startServer, type TestServer } from './support/server.ts'

describe('firebrand perform device-code', () => {
  let server: TestServer
  let client: TestClient
  let endpoint: string
  beforeAll(async () => {
    server = await startServer('memory', {
      config: { oauth2: { device_authorization: { token_polling_interval: '1s' } } },
      options: { clock: () => instant(Date.now()) },
    })
    client = await createDeviceClient(server)
    endpoint = (await server.listen()).public.url
  })
  afterAll(() => server.close())

  /** Runs the command; `decide` is the person with the code. */
  async function run(decide: (codes: DeviceCodes) => Promise<unknown>) {
    const { client_id, client_secret } = client
    const child = startCli([
      'perform',
      'device-code',
      `--endpoint=${endpoint}`,
      '--format=json',
      `--client-id=${client_id}`,
      `--client-secret=${client_secret}`,
    ])
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    const told = new Promise<string>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text
        const [, userCode] = /compare the code: (\S+)\n/u.exec(stderr) ?? []
        if (userCode !== undefined) resolve(userCode)
      })
    })
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', resolve)
    })
    await decide({ user_code: await told } as DeviceCodes)
    return { code: await ended, stdout, stderr }
  }

  it('names the address and the code, waits, and prints the tokens', async () => {
    const { code, stdout, stderr } = await run((codes) => approve(new Browser(server), codes))
    expect(stderr).toMatch(/Open \S+\/oauth2\/device\/verify\?user_code=\S+ in a browser/u)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      access_token: expect.stringMatching(/^ory_at_/u),
      refresh_token: expect.stringMatching(/^ory_rt_/u),
      id_token: expect.any(String),
    })
  })

  it('fails when the person refuses', async () => {
    const { code, stderr } = await run(async (codes) => {
      const browser = new Browser(server)
      const login = await browser.loginChallenge(await toVerifier(browser, codes))
      await browser.visit(await reject(server, 'login', login, {}))
    })
    expect(code).toBe(1)
    expect(stderr).toContain('access_denied')
  })
})
