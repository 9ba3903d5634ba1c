import { createApi } from './api.ts'
import { createApp } from './app.ts'
import { h } from './dom.ts'
import { followAlone } from './live.ts'
import type { Editor } from '../red.ts'
import { addPageStyle } from './style.ts'
import { CATALOGUE, say } from './texts.ts'

/*
 * The console as a page of its own: what it needs of the editor is a translation, which comes from where the editor has
 * it. The languages are those a person chose there, else those of the browser.
 */
const SHARED = '@sms-flows/node-red-sms/sms-out'
const FALLBACK = 'en-US'

type Texts = Readonly<Record<string, unknown>>

/** Where the editor is, from the address of this page. */
const root = location.pathname.replace(/sms\/console$/, '')

async function texts(catalogue: string, language: string): Promise<Texts> {
  const reply = await fetch(`${root}locales/${catalogue}?lng=${language}`)
  return reply.ok ? ((await reply.json()) as Texts) : {}
}

/** Translates as the editor does: `catalogue:some.key`, with variables as `__name__`. */
async function translator(language: string): Promise<Editor['_']> {
  const load = async (name: string) => [name, [await texts(name, language), await texts(name, FALLBACK)]] as const
  const catalogues = new Map(await Promise.all([CATALOGUE, SHARED].map(load)))
  const find = (from: Texts, path: string): unknown =>
    path.split('.').reduce<unknown>((node, name) => (node as Texts | undefined)?.[name], from)

  return (key, variables = {}) => {
    const [catalogue = '', path = ''] = key.split(':')
    const found = catalogues.get(catalogue)?.map(from => find(from, path)) ?? []
    const text = found.find(value => typeof value === 'string') ?? key
    return text.replaceAll(/__(\w+?)__/g, (_, name: string) => String(variables[name] ?? ''))
  }
}

async function start(): Promise<void> {
  const language = localStorage.getItem('editor-language') || navigator.language
  document.documentElement.lang = language
  addPageStyle(localStorage.getItem('view-dark-theme') ?? '')
  const translate = await translator(language)
  ;(globalThis as unknown as { RED: object }).RED = { _: translate }
  document.title = say('title')
  document.body.append(
    h('h1', {}, say('title')),
    h('main', {}, createApp({ api: createApi(root), follow: followAlone(root), editor: root })),
  )
}

void start()
