import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tools/project.ts'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { storedCredentials } from '../support/stored-credentials.ts'
import { CARRIER_DIALOGS } from './carrier-dialogs.ts'
import { MADE_UP } from './dialog-case.ts'
import type { DialogCase } from './dialog-case.ts'
import { dialogFiller, watchFields, reasonOf } from './fill-dialog.ts'
import type { Definition } from './fill-dialog.ts'
import { FLOW_DIALOGS, line } from './flow-dialogs.ts'
import { lab, office, tab } from './flows.ts'
import { HTTP_DIALOG } from './http-dialog.ts'

const DIALOGS = [...CARRIER_DIALOGS, HTTP_DIALOG, ...FLOW_DIALOGS]
const TYPES = Object.keys(
  (
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      'node-red': { nodes: Readonly<Record<string, string>> }
    }
  )['node-red'].nodes,
)

type Properties = Readonly<Record<string, unknown>>

describeEditor('every dialog', ({ open, nodeRed }) => {
  let editor: EditorPage | undefined
  beforeEach(async () => {
    if (editor) return
    editor = await open([tab, lab, office, line], { lasting: true })
    await watchFields(editor)
  })
  afterEach(function () {
    // With what is left of a dialog that went wrong, no other could be opened.
    if (this.currentTest?.state === 'failed') editor = undefined
  })

  it('is here', () => {
    assert.deepEqual(DIALOGS.map(({ type }) => type.replace(' ', '-')).toSorted(), TYPES.toSorted())
  })

  for (const dialog of DIALOGS) {
    it(`of ${dialog.type}: every field says what it refuses, and keeps what it takes`, async () => {
      assert.ok(editor)
      const definition = await editor.value<Definition>(definitionOf(dialog.type))
      const filler = dialogFiller(editor, definition, dialog)

      const id = await add(editor, dialog.type, definition, filler.refused)
      const reasons = await editor.value<string[]>(`node('${id}').validationErrors`)
      const expected = reasonsOf(definition, dialog)
      // Of what the core says only the beginning is ours.
      const comparable = reasons.map((why, at) => (expected[at]?.endsWith(': ') ? why.replace(/(?<=: ).*/s, '') : why))
      assert.deepEqual(comparable, expected)

      await editor.edit(id)
      await filler.taken()
      await editor.press('done')
      assert.deepEqual(await editor.value(`node('${id}').validationErrors`), [])
      const from = nodeRed().log.length
      await editor.deploy()

      const kept = keptOf(definition, dialog)
      for (const [property, value] of Object.entries(kept))
        assert.notDeepEqual(value, definition.defaults[property]?.value, `${property} is left as it was`)
      const flows = (await (await fetch(`${nodeRed().url}/flows`)).json()) as object[]
      assert.deepEqual(propertiesOf(flows, id), kept, 'what the runtime has')
      assert.deepEqual(storedCredentials(nodeRed().userDir)[id] ?? {}, secretsOf(definition, dialog))
      const exported = await editor.value<object[]>(`RED.nodes.createExportableNodeSet([node('${id}')])`)
      assert.deepEqual(propertiesOf(exported, id), kept, 'what is exported')
      const refusals = nodeRed()
        .log.slice(from)
        .filter(entry => entry.includes('SMS_CONFIG'))
      assert.deepEqual(refusals, [], 'the runtime refuses what the dialog takes')

      await editor.edit(id)
      await editor.press('done')
      assert.equal(await editor.value('RED.nodes.dirty()'), false, 'changed without a change')
    })
  }
})

const definitionOf = (type: string): string => `(({ category, defaults, credentials = {} }) =>
  JSON.parse(JSON.stringify({ category, defaults, credentials })))(RED.nodes.getType('${type}'))`

/** Adds a node as the palette and the menus do, its dialog filled in; resolves to its id. */
async function add(
  editor: EditorPage,
  type: string,
  { category }: Definition,
  fill: () => Promise<void>,
): Promise<string> {
  const known = `(() => { const ids = []; RED.nodes.eachConfig(({ id }) => void ids.push(id)); return ids })()`
  const before = await editor.value<string[]>(known)
  let id = ''
  if (category === 'config') await editor.opening(() => editor.value(`RED.editor.editConfig('', '${type}', '_ADD_')`))
  else {
    id = await editor.value<string>(`(({ node }) => RED.nodes.add(node).id)(RED.view.createNode('${type}', 300, 100))`)
    await editor.edit(id)
  }
  await fill()
  await editor.press('done')
  return id || (await editor.value<string[]>(known)).find(each => !before.includes(each))!
}

/** What the editor says of a node that was filled in with what its fields refuse. */
const reasonsOf = (definition: Definition, { steps, refused = {} }: DialogCase): string[] =>
  Object.keys(definition.defaults).flatMap(property => {
    const last = steps.findLast(([field]) => field === property)?.at(-1)
    const [, why, named] = Array.isArray(last) ? (last as DialogCase['steps'][0][2]) : []
    const whole = refused[property]
    if (whole) return [reasonOf(definition, property, ...whole)]
    return why === undefined ? [] : [reasonOf(definition, property, why, named)]
  })

/** Every property as it was filled in. */
function keptOf({ defaults }: Definition, { steps, kept = {} }: DialogCase): Properties {
  const filled = Object.fromEntries(steps.map(([field, taken]) => [field, taken]))
  return Object.fromEntries(Object.keys(defaults).map(property => [property, kept[property] ?? filled[property]]))
}

function secretsOf({ credentials }: Definition, { steps, secrets }: DialogCase): Properties {
  return secrets ?? Object.fromEntries(steps.filter(([field]) => Object.hasOwn(credentials, field)))
}

/** What is the node's own, not of its place in the flow. */
function propertiesOf(flows: readonly object[], wanted: string): Properties {
  const found = flows.find(each => 'id' in each && each.id === wanted)
  assert.ok(found, `${wanted} is not there`)
  const { id: _id, type: _type, z: _z, x: _x, y: _y, wires: _wires, ...properties } = found as Record<string, unknown>
  return JSON.parse(JSON.stringify(properties).replaceAll(/"id":"[a-z2-7]{20}"/g, `"id":"${MADE_UP}"`)) as Properties
}
