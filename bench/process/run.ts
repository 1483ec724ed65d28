import type { Environment } from '../environment.ts'
import type { Options } from '../options.ts'
import { measureMemory } from './memory.ts'
import { buildPackage } from './package.ts'
import { judgeProcess } from './results.ts'
import type { MemoryFigures, ProcessResults, StartFigures } from './results.ts'
import { measureStart } from './start.ts'

/** What {@link measureProcess} gives; the caller adds when and on what. */
export type ProcessMeasured = Pick<ProcessResults, 'starts' | 'memory' | 'verdicts'>

/** Measures the start on SQLite, and the memory on each engine, of one process. */
export async function measureProcess(
  { ofProcess, engines }: Options,
  environment: Environment,
): Promise<ProcessMeasured> {
  const { directory } = await environment.prepare('package', 'sqlite')
  const executables = await buildPackage(directory)
  const starts: StartFigures[] = []
  if (ofProcess.includes('start')) {
    for (const name of ['package', 'source'] as const) {
      process.stderr.write(`starting from ${name === 'package' ? 'the package' : 'source'}\n`)
      const options = await environment.prepare(`start-${name}`, 'sqlite')
      starts.push(await measureStart(name, { ...options, main: executables[name] }))
    }
  }
  const memory: MemoryFigures[] = []
  if (ofProcess.includes('memory')) {
    for (const engine of engines) {
      const options = await environment.prepare(`memory-${engine}`, engine)
      memory.push(await measureMemory({ ...options, main: executables.package }))
    }
  }
  return { starts, memory, verdicts: judgeProcess(starts, memory) }
}
