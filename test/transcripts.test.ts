import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../tools/project.ts'
import { parseTranscript, replay } from './support/transcript.ts'

describe('transcripts', () => {
  const files = globSync('test/transcripts/*.at', { cwd: root }).toSorted()
  for (const file of files) {
    const name = basename(file, '.at')
    for (const pieces of ['whole', 'lines', 'bytes'] as const) {
      it(`${name}, in ${pieces}`, () => replay(parseTranscript(readFileSync(join(root, file), 'utf8')), pieces))
    }
  }
})
