import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/** The package's own names folders of Lambda only. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir></fontconfig>
`

/**
 * Starts a headless Chromium from the npm package `@sparticuz/chromium`. The libraries that a bare Debian lacks (NSS,
 * NSPR, Expat) and a font are in the package too, so nothing needs to be installed. The caller closes the browser.
 */
export async function launchBrowser(): Promise<Browser> {
  const folder = await unpackedChromium()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    // Chromium's sandbox needs rights that containers do not give, and refuses root.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  })
}

/** Unpacks the browser once for each version; files appear all at once, because test files run at the same time. */
async function unpackedChromium(): Promise<string> {
  const folder = join(cache, `chromium-${packageVersion()}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const stage = await mkdtemp(join(cache, 'unpack-'))
  // The package unpacks into the folder for temporary files, and the libraries only where it believes to be on Lambda.
  await promisify(execFile)(
    process.execPath,
    ['-e', `import('@sparticuz/chromium').then(({ default: it }) => it.executablePath())`],
    {
      cwd: dirname(fileURLToPath(import.meta.url)),
      env: { ...process.env, TMPDIR: stage, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    },
  )
  await writeFile(join(stage, 'fonts', 'fonts.conf'), fontConfiguration)
  try {
    await rename(stage, folder)
  } catch (error) {
    await rm(stage, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

function packageVersion(): string {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('@sparticuz/chromium')
  const { version } = require(join(dirname(entry), '..', 'package.json')) as { version: string }
  return version
}
