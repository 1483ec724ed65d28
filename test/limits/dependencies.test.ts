import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkPackages, isAllowedLicence, readAudit } from '../../scripts/dependencies.ts'

describe('isAllowedLicence', () => {
  const cases = [
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0-only', false],
    ['MIT AND (ISC OR GPL-3.0-only)', false],
    ['GPL-3.0-only', false],
    ['SEE LICENSE IN LICENSE', false],
    ['UNLICENSED', false],
    [undefined, false],
    [{ type: 'MIT' }, false],
  ] as const
  for (const [licence, allowed] of cases) {
    it(`${allowed ? 'allows' : 'refuses'} ${JSON.stringify(licence)}`, () =>
      expect(isAllowedLicence(licence)).toBe(allowed))
  }
})

describe('checkPackages', () => {
  it('finds nothing wrong with what production installs', () => {
    const { count, findings } = checkPackages(join(import.meta.dirname, '../..'))
    expect(findings).toEqual([])
    expect(count).toBeGreaterThan(10)
  })

  it('names licences, install scripts and packages that are missing, and leaves development alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebrand-packages-'))
    try {
      const put = (name: string, manifest: object) => {
        mkdirSync(join(folder, 'node_modules', name), { recursive: true })
        writeFileSync(
          join(folder, 'node_modules', name, 'package.json'),
          JSON.stringify({ license: 'MIT', ...manifest }),
        )
      }
      put('good', {})
      put('copyleft', { license: 'AGPL-3.0-only' })
      put('compiles', { scripts: { install: 'node-gyp rebuild' } })
      put('tool', { license: 'AGPL-3.0-only' })
      const packages = {
        '': {},
        'node_modules/good': {},
        'node_modules/copyleft': {},
        'node_modules/compiles': {},
        'node_modules/missing': {},
        'node_modules/for-another-platform': { optional: true },
        'node_modules/tool': { dev: true },
      }
      writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }))
      const { findings } = checkPackages(folder)
      expect(findings.map(({ name }) => name)).toEqual([
        'node_modules/copyleft',
        'node_modules/compiles',
        'node_modules/missing',
      ])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('readAudit', () => {
  const report = (high: number, critical: number) =>
    JSON.stringify({ metadata: { vulnerabilities: { low: 3, moderate: 2, high, critical } } })

  it('passes without high and critical vulnerabilities', () =>
    expect(readAudit(report(0, 0))).toEqual({ kind: 'clean' }))
  it('counts high and critical ones', () =>
    expect(readAudit(report(1, 2))).toEqual({ kind: 'vulnerable', high: 3 }))
  it('tells an unreachable registry from a clean report', () => {
    expect(readAudit('{"message":"405 Method Not Allowed"}')).toMatchObject({ kind: 'unavailable' })
    expect(readAudit('{"error":{"summary":"network"}}')).toMatchObject({ kind: 'unavailable' })
    expect(readAudit('')).toMatchObject({ kind: 'unavailable' })
  })
})
