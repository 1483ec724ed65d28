import { randomBytes } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { Secret } from '../brand.ts'
import type { Settings } from '../settings.ts'
import type { ClientRecord } from '../storage/storage.ts'
import {
  generateSecret,
  hashChosenSecret,
  hashGeneratedSecret,
  verifyClientSecret,
  verifyUnknownClientSecret,
  type SecretServices,
} from './client-secret.ts'
import * as slow from './slow-hash.ts'

vi.mock('./slow-hash.ts', { spy: true })

function server(...system: string[]): SecretServices {
  const settings = {
    secrets: { system: system.map((secret) => new Secret(secret)), cookie: [], pagination: [] },
    oauth2: { hasher: { algorithm: 'pbkdf2', bcryptCost: 4, pbkdf2Iterations: 10 } },
    limits: { passwordHashes: { concurrent: 2, waiting: 100 } },
  } as unknown as Settings
  const random = {
    bytes: (n: number) => new Uint8Array(randomBytes(n)),
    hex: (n: number) => randomBytes(n).toString('hex'),
    uuid: () => '',
  }
  return { settings, random }
}

function record(secretHash: string, ...rotatedSecretHashes: string[]): ClientRecord {
  const client = { client_id: 'client' }
  return { client, secretHash, rotatedSecretHashes } as unknown as ClientRecord
}

describe('generateSecret', () => {
  it('draws 26 characters of 66, each as often as the others', () => {
    const { random } = server('s'.repeat(16))
    const secrets = Array.from({ length: 2000 }, () => generateSecret(random))
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_.~-]{26}$/u)
    const counts = new Map<string, number>()
    for (const character of secrets.join(''))
      counts.set(character, (counts.get(character) ?? 0) + 1)
    expect(counts.size).toBe(66)
    const mean = (2000 * 26) / 66
    for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(mean / 3)
  })
})

describe('verifyClientSecret', () => {
  it('accepts a generated secret without a slow hash', async () => {
    const services = server('first-system-secret')
    const hashText = hashGeneratedSecret(services, 'generated')
    expect(hashText).toMatch(/^\$hmac-sha256\$[\w-]{8}\$[\w-]{43}$/u)
    vi.mocked(slow.verifySlowHash).mockClear()
    expect(await verifyClientSecret(services, record(hashText), 'generated')).toBe(true)
    expect(slow.verifySlowHash).not.toHaveBeenCalled()
  })

  it('survives a new system secret in front of the old one, and no other change of them', async () => {
    const hashText = hashGeneratedSecret(server('old-system-secret'), 'generated')
    const rotated = server('new-system-secret', 'old-system-secret')
    expect(await verifyClientSecret(rotated, record(hashText), 'generated')).toBe(true)
    const replaced = server('new-system-secret')
    expect(await verifyClientSecret(replaced, record(hashText), 'generated')).toBe(false)
  })

  it('accepts the current and every rotated secret', async () => {
    const services = server('first-system-secret')
    const chosen = await hashChosenSecret(services, 'chosen')
    const client = record(
      hashGeneratedSecret(services, 'third'),
      hashGeneratedSecret(services, 'second'),
      chosen,
    )
    for (const secret of ['third', 'second', 'chosen'])
      expect(await verifyClientSecret(services, client, secret)).toBe(true)
    for (const secret of ['', 'first', chosen, client.secretHash])
      expect(await verifyClientSecret(services, client, secret)).toBe(false)
  })

  it('pays a slow hash once for any number of checks, also at the same time', async () => {
    const services = server('first-system-secret')
    const client = record(await hashChosenSecret(services, 'chosen'))
    vi.mocked(slow.verifySlowHash).mockClear()
    const together = Array.from({ length: 50 }, () =>
      verifyClientSecret(services, client, 'chosen'),
    )
    expect(await Promise.all(together)).toEqual(Array.from({ length: 50 }, () => true))
    expect(await verifyClientSecret(services, client, 'chosen')).toBe(true)
    expect(slow.verifySlowHash).toHaveBeenCalledTimes(1)
  })

  it('forgets an outcome when the stored hash changes', async () => {
    const services = server('first-system-secret')
    const before = record(await hashChosenSecret(services, 'chosen'))
    const after = record(await hashChosenSecret(services, 'changed'))
    expect(await verifyClientSecret(services, before, 'chosen')).toBe(true)
    expect(await verifyClientSecret(services, after, 'chosen')).toBe(false)
    expect(await verifyClientSecret(services, after, 'changed')).toBe(true)
  })

  it('spends a slow hash on every refusal, whatever the client', async () => {
    const services = server('first-system-secret')
    const generated = record(hashGeneratedSecret(services, 'generated'))
    const chosen = record(await hashChosenSecret(services, 'chosen'))
    const refusals = [
      () => verifyClientSecret(services, generated, 'wrong 1'),
      () => verifyClientSecret(services, chosen, 'wrong 2'),
      () => verifyUnknownClientSecret(services, 'unknown', 'wrong 3'),
    ]
    for (const refuse of refusals) {
      vi.mocked(slow.verifySlowHash).mockClear()
      expect(await refuse()).toBe(false)
      expect(slow.verifySlowHash).toHaveBeenCalledTimes(1)
    }
  })
})
