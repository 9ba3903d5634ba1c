import { createApi } from './api.ts'
import { createApp } from './app.ts'
import { h } from './dom.ts'
import { followEditor } from './live.ts'
import { say } from './texts.ts'

/** What of the editor only the console uses. */
interface SidebarEditor {
  readonly sidebar: { addTab(options: object): void; show(id: string): void }
  readonly actions: { add(name: string, handler: () => void, options?: object): void }
  readonly plugins: { registerPlugin(id: string, definition: object): void }
  readonly settings: { readonly apiRootUrl?: string }
}

const ID = 'sms-console'

/** Adds the console to the editor's sidebar. What it shows is made when it is first seen: by then all texts are there. */
function addTab(): void {
  const { sidebar, actions, settings } = RED as unknown as SidebarEditor
  const root = settings.apiRootUrl || './'
  const content = h('div', { class: 'sms-console-tab' })
  const name = say('title')
  let isMade = false
  const make = (): void => {
    if (isMade || content.offsetParent === null) return
    isMade = true
    content.append(createApp({ api: createApi(root), follow: followEditor, ownPage: `${root}sms/console` }))
  }
  new IntersectionObserver(make).observe(content)
  sidebar.addTab({ id: ID, label: say('tab'), name, iconClass: 'fa fa-comments-o', content, enableOnEdit: true })
  actions.add('sms:show-console', () => sidebar.show(ID), { label: name })
}

;(RED as unknown as SidebarEditor).plugins.registerPlugin(ID, { type: 'sms-console', onadd: addTab })
