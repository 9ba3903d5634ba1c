/*
 * Colours are the editor's own variables only, so that every theme works; the page of its own gives them values. Words
 * have the primary text colour, as the secondary ones of Node-RED 4.1 are too pale to be read by everybody.
 */
const STYLE = `
.sms-console-tab { height: 100%; overflow: auto; background: var(--red-ui-secondary-background); }
.sms-console { container-type: inline-size; min-height: 100%; box-sizing: border-box; padding: 8px; color: var(--red-ui-primary-text-color); background: var(--red-ui-secondary-background); font: 13px/1.45 var(--red-ui-primary-font, sans-serif); }
.sms-console * { box-sizing: border-box; }
.sms-console .sms-off { display: none !important; }
.sms-console .sms-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.sms-console h2 { margin: 0; font-size: 13px; font-weight: bold; line-height: 1.6; color: inherit; flex: 1; overflow-wrap: anywhere; }
.sms-console h3 { margin: 12px 0 4px; font-size: 13px; color: inherit; }
.sms-console p { margin: 4px 0; overflow-wrap: anywhere; }
.sms-console ul, .sms-console ol { list-style: none; margin: 0; padding: 0; }
.sms-console label { display: block; width: auto; margin: 0 0 2px; font-size: 12px; }
/* Twice, as the editor's own rules for its forms are stricter than one class. */
.sms-console.sms-console :is(input, select, textarea) { display: block; width: 100%; min-height: 30px; margin: 0; padding: 4px 6px; border: 1px solid var(--red-ui-form-input-border-color); border-radius: 4px; background: var(--red-ui-form-input-background); color: var(--red-ui-form-text-color); font: inherit; }
.sms-console textarea { resize: vertical; }
.sms-console button, .sms-console .sms-button, .sms-console summary { font: inherit; color: inherit; cursor: pointer; }
.sms-console .sms-button { display: inline-block; min-height: 28px; padding: 3px 9px; border: 1px solid var(--red-ui-form-input-border-color); border-radius: 4px; background: var(--red-ui-secondary-background); color: var(--red-ui-primary-text-color); text-decoration: none; white-space: normal; }
.sms-console .sms-button:hover { background: var(--red-ui-list-item-background-hover); }
.sms-console .sms-button:disabled { opacity: .5; cursor: default; }
.sms-console .sms-button[aria-pressed=true], .sms-console .sms-primary { background: var(--red-ui-list-item-background-selected); border-color: var(--red-ui-primary-text-color); }
.sms-console :is(button, a, input, select, textarea, summary, h2):focus-visible { outline: 2px solid var(--red-ui-form-input-focus-color); outline-offset: 1px; }
.sms-tabs { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; margin-bottom: 8px; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.sms-tabs > button { padding: 6px 8px; border: 0; border-bottom: 3px solid transparent; background: none; }
.sms-tabs > button[aria-current=true] { border-bottom-color: var(--red-ui-primary-text-color); font-weight: bold; }
.sms-tabs > .sms-button { margin-left: auto; padding: 5px 7px; border-color: transparent; line-height: 0; }
.sms-icon { width: 14px; height: 14px; fill: none; stroke: currentcolor; stroke-width: 1.6; }
.sms-console .sms-problem { padding: 6px 8px; border: 1px solid var(--red-ui-text-color-error); border-left-width: 4px; border-radius: 4px; }
.sms-console .sms-problem a { color: inherit; text-decoration: underline; }
.sms-block { margin: 0 0 14px; }
.sms-note { font-size: 12px; }
.sms-note:empty { display: none; }
.sms-head { display: flex; align-items: center; gap: 6px; }
.sms-name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; font-weight: bold; }
.sms-actions { display: flex; flex-wrap: wrap; gap: 6px; margin: 6px 0; }
.sms-cards { display: grid; gap: 8px; }
.sms-console .sms-cards { margin-top: 6px; }
.sms-card { padding: 8px; border: 1px solid var(--red-ui-secondary-border-color); border-radius: 6px; background: var(--red-ui-tertiary-background); }
.sms-facts { font-size: 12px; }
.sms-dot { flex: none; display: inline-block; width: 10px; height: 10px; border-radius: 50%; border: 1px solid var(--red-ui-primary-text-color); background: var(--red-ui-node-status-colors-grey); }
.sms-health-ready, .sms-state-delivered, .sms-state-received, .sms-state-accepted { background: var(--red-ui-node-status-colors-green); }
.sms-health-connecting, .sms-health-degraded, .sms-state-unknown { background: var(--red-ui-node-status-colors-yellow); }
.sms-state-queued, .sms-state-sending, .sms-state-scheduled, .sms-state-ringing { background: var(--red-ui-node-status-colors-blue); }
.sms-health-failed, .sms-state-failed, .sms-state-expired { background: var(--red-ui-node-status-colors-red); }
.sms-signal { width: 22px; height: 16px; flex: none; }
.sms-lit { fill: var(--red-ui-primary-text-color); }
.sms-unlit { fill: none; stroke: var(--red-ui-primary-text-color); stroke-width: .6; opacity: .6; }
.sms-chart svg { display: block; width: 100%; max-width: 420px; font-size: 10px; }
.sms-chart text { fill: var(--red-ui-primary-text-color); }
.sms-axis { stroke: var(--red-ui-primary-text-color); }
.sms-faint { opacity: .25; stroke-dasharray: 3 4; }
.sms-is-received { fill: var(--red-ui-node-status-colors-blue); background: var(--red-ui-node-status-colors-blue); }
.sms-is-done { fill: var(--red-ui-node-status-colors-green); background: var(--red-ui-node-status-colors-green); }
.sms-is-open { fill: var(--red-ui-node-status-colors-grey); background: var(--red-ui-node-status-colors-grey); }
.sms-is-doubt { fill: var(--red-ui-node-status-colors-yellow); background: var(--red-ui-node-status-colors-yellow); }
.sms-is-failed { fill: var(--red-ui-node-status-colors-red); background: var(--red-ui-node-status-colors-red); }
.sms-legend { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: 12px; }
.sms-swatch { display: inline-block; width: 10px; height: 10px; margin-right: 4px; border: 1px solid var(--red-ui-primary-text-color); }
.sms-filters { display: grid; gap: 6px; margin-bottom: 8px; justify-items: start; }
.sms-filters > .sms-search, .sms-filters > details { width: 100%; }
.sms-fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 6px; margin-top: 6px; }
.sms-field { margin: 6px 0; }
.sms-rows { border-top: 1px solid var(--red-ui-secondary-border-color); }
.sms-rows[aria-busy=true] { opacity: .6; }
.sms-console .sms-row { display: block; width: 100%; padding: 6px 4px; border: 0; border-bottom: 1px solid var(--red-ui-secondary-border-color); background: none; text-align: left; }
.sms-row:hover { background: var(--red-ui-list-item-background-hover); }
.sms-row time, .sms-state { font-size: 12px; white-space: nowrap; }
.sms-row .sms-text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
.sms-state { display: inline-flex; align-items: center; gap: 5px; }
.sms-now { min-height: 19px; }
.sms-detail h2 { margin: 8px 0 2px; }
.sms-content { padding: 8px; border-radius: 6px; background: var(--red-ui-tertiary-background); border: 1px solid var(--red-ui-secondary-border-color); white-space: pre-wrap; }
.sms-console dl { display: grid; grid-template-columns: minmax(80px, auto) 1fr; gap: 2px 10px; margin: 8px 0; }
.sms-console dt, .sms-console dd { margin: 0; font-weight: normal; overflow-wrap: anywhere; }
.sms-console dd { font-weight: bold; }
.sms-trail li { padding-left: 10px; border-left: 2px solid var(--red-ui-form-input-border-color); }
@container (min-width: 900px) {
  .sms-tabs { margin: 0; border: 0; }
  .sms-tabs > button { display: none; }
  .sms-panels { display: grid; grid-template-columns: minmax(280px, 2fr) 3fr; grid-template-rows: auto 1fr; gap: 0 24px; }
  .sms-console .sms-panel.sms-off { display: block !important; }
  .sms-messages { grid-column: 2; grid-row: 1 / 3; }
}
@media (prefers-reduced-motion: no-preference) { .sms-row { transition: background .15s; } }
`

/** What the editor's variables are where there is no editor. */
const LIGHT = {
  'secondary-background': '#fff',
  'tertiary-background': '#f7f7f7',
  'primary-text-color': '#202020',
  'secondary-border-color': '#e0e0e0',
  'text-color-error': '#ad1625',
  'form-input-border-color': '#8a8a8a',
  'form-input-background': '#fff',
  'form-text-color': '#202020',
  'form-input-focus-color': '#0d74ce',
  'list-item-background-hover': '#e8e8e8',
  'list-item-background-selected': '#dbeafe',
  'node-status-colors-green': '#30a46c',
  'node-status-colors-yellow': '#f1a10d',
  'node-status-colors-red': '#d6615f',
  'node-status-colors-blue': '#3b82c4',
  'node-status-colors-grey': '#a5a5a5',
} as const

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  'secondary-background': '#1b1b23',
  'tertiary-background': '#17171d',
  'primary-text-color': '#f0f0f0',
  'secondary-border-color': '#33333b',
  'text-color-error': '#ff6369',
  'form-input-border-color': '#5a5a66',
  'form-input-background': '#0e0e12',
  'form-text-color': '#f0f0f0',
  'form-input-focus-color': '#6bb3f5',
  'list-item-background-hover': '#1e1e27',
  'list-item-background-selected': '#2c3a52',
  'node-status-colors-green': '#4cc38a',
  'node-status-colors-yellow': '#f1a10d',
  'node-status-colors-red': '#ff6369',
  'node-status-colors-blue': '#52a9ff',
  'node-status-colors-grey': '#8a8a8a',
}

/** Adds the styles of the console to the page, once. */
export function addConsoleStyle(): void {
  add('sms-console-style', STYLE)
}

/** Adds what the page of its own needs besides. `theme` is what was chosen for the editor: `dark`, `light` or `auto`. */
export function addPageStyle(theme: string): void {
  const light = `:root { color-scheme: light; ${values(LIGHT)} }`
  const dark = `:root { color-scheme: dark; ${values(DARK)} }`
  const byChoice = { dark, light, auto: `${light} @media (prefers-color-scheme: dark) { ${dark} }` }
  add(
    'sms-page-style',
    `${theme === 'dark' || theme === 'auto' ? byChoice[theme] : light}
body { margin: 0; background: var(--red-ui-secondary-background); color: var(--red-ui-primary-text-color); font-family: 'Helvetica Neue', Arial, Helvetica, sans-serif; }
h1 { max-width: 1400px; margin: 0 auto; padding: 10px 16px; font-size: 18px; }
main { max-width: 1400px; margin: 0 auto; }
main .sms-console { padding: 16px; }`,
  )
}

const values = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, colour]) => `--red-ui-${name}: ${colour};`)
    .join(' ')

function add(id: string, text: string): void {
  if (document.getElementById(id)) return
  const style = document.createElement('style')
  style.id = id
  style.textContent = text
  document.head.append(style)
}
