/*
 * Rows as a grid: labels of any language fit, and what belongs to a field stands under it. Colours are the editor's
 * own variables only, so that every theme works.
 */
const STYLE = `
.sms-form .form-row { display: grid; grid-template-columns: 150px minmax(0, 1fr); gap: 4px 10px; align-items: center; }
.sms-form .sms-guards .form-row { grid-template-columns: 215px minmax(0, 1fr); }
.red-ui-editor .sms-form .form-row > * { margin: 0; width: 100%; box-sizing: border-box; }
.sms-form .form-row > :nth-child(n+3), .sms-form .form-row > .sms-check ~ .sms-hint { grid-column: 2; }
.red-ui-editor .sms-form .form-row > label { width: auto; overflow-wrap: anywhere; }
.sms-form .form-row > label > i { width: 16px; text-align: center; margin-right: 2px; }
.sms-form .form-row.sms-top > label { align-self: start; padding-top: 7px; }
.sms-form .form-row.sms-wide { display: block; min-width: 520px; }
.sms-form .form-row.sms-wide > label { margin-bottom: 6px; }
.sms-form textarea { resize: vertical; min-height: 54px; box-sizing: border-box; font-family: inherit; line-height: 1.4; }
.sms-form .sms-check { grid-column: 2; display: flex; align-items: baseline; gap: 8px; }
.red-ui-editor .sms-form .sms-check label { width: auto; margin: 0; }
.red-ui-editor .sms-form .sms-check input { width: auto; margin: 0; flex: none; position: relative; top: 1px; }
.sms-form .sms-number { display: flex; align-items: center; gap: 8px; }
.red-ui-editor .sms-form .sms-number input { width: 110px; margin: 0; }
.sms-form .sms-number span { color: var(--red-ui-secondary-text-color); }
.red-ui-editor .sms-form .sms-hint { width: 0; min-width: 100%; color: var(--red-ui-secondary-text-color); font-size: 12px; line-height: 1.4; }
.sms-form .sms-hint:empty { display: none; }
.red-ui-editor .sms-form .sms-warnings { width: 0; min-width: 100%; }
.sms-form .sms-warnings > div { position: relative; padding-left: 20px; color: var(--red-ui-primary-text-color); font-size: 12px; line-height: 1.5; }
.sms-form .sms-warnings > div::before { content: '\\26a0'; position: absolute; left: 2px; color: var(--red-ui-text-color-warning); }
.red-ui-editor .sms-form .form-row.sms-trial > * { grid-column: 2; }
.red-ui-editor .sms-form .sms-result { width: 0; min-width: 100%; font-size: 12px; line-height: 1.5; }
.sms-form .sms-result > div { position: relative; padding-left: 20px; color: var(--red-ui-primary-text-color); overflow-wrap: anywhere; }
.sms-form .sms-result > .sms-more, .sms-form .sms-result > .sms-busy { color: var(--red-ui-secondary-text-color); }
.sms-form .sms-result > div::before { position: absolute; left: 2px; font-family: FontAwesome; }
.sms-form .sms-result > .sms-good::before { content: '\\f00c'; color: var(--red-ui-text-color-success); }
.sms-form .sms-result > .sms-bad::before { content: '\\f00d'; color: var(--red-ui-text-color-error); }
.sms-form .sms-result > .sms-doubt::before { content: '\\f071'; color: var(--red-ui-text-color-warning); }
.sms-form .sms-result > .sms-busy::before { content: '\\f141'; }
.sms-form .sms-choice { margin-top: 4px; }
.sms-form .sms-port { display: flex; align-items: center; justify-content: space-between; gap: 8px; }
.sms-form .sms-trial .sms-button, .sms-form .form-row > div > .sms-button:first-child, .sms-form .sms-choice > .sms-button:first-child { margin-left: 0; }
.sms-form .sms-section { margin: 20px 0 10px; padding-bottom: 4px; border-bottom: 1px solid var(--red-ui-secondary-border-color); color: var(--red-ui-secondary-text-color); font-size: 12px; font-weight: bold; }
.red-ui-editor .sms-form input[readonly] { color: var(--red-ui-form-text-color); opacity: 1; }
.sms-form .sms-with-button { display: flex; gap: 6px; }
.red-ui-editor .sms-form .sms-with-button input { flex: 1; min-width: 0; margin: 0; }
.sms-form .sms-button { flex: none; margin-left: 6px; height: 34px; line-height: 32px; }
.sms-form .sms-with-button .sms-button { margin-left: 0; }
.sms-form .sms-boxes { display: grid; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); gap: 4px 10px; }
.red-ui-editor .sms-form .sms-boxes label { display: flex; align-items: baseline; gap: 6px; margin: 0; width: auto; }
.red-ui-editor .sms-form .sms-boxes input { width: auto; margin: 0; flex: none; position: relative; top: 1px; }
.sms-sensor, .sms-sensors-header { display: grid; grid-template-columns: 3fr 2fr 1.2fr 1.2fr; gap: 6px; }
.red-ui-editor .sms-sensors-header { padding: 4px 41px 4px 33px; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.red-ui-editor .sms-sensor input { width: 0; min-width: 100%; margin: 0; box-sizing: border-box; }
.sms-client { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 6px 10px; padding: 4px 0; }
.sms-client > * { grid-column: 1 / -1; }
.sms-client > .sms-half { grid-column: auto; }
.red-ui-editor .sms-client label { display: block; width: auto; margin: 0; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.red-ui-editor .sms-client label > input { display: block; width: 100%; margin: 0; box-sizing: border-box; }
.sms-client .sms-boxes { grid-template-columns: repeat(3, auto); }
.sms-form > .sms-hint { margin-bottom: 10px; }
.sms-form .sms-secrets { display: grid; grid-template-columns: 2fr 3fr; gap: 6px; }
.red-ui-editor .sms-form .sms-secrets input { width: 0; min-width: 100%; margin: 0; box-sizing: border-box; }
.red-ui-editor .sms-form textarea.sms-code { font-family: var(--red-ui-monospace-font); font-size: 12px; white-space: pre; overflow-x: auto; }
`

/** Adds the styles of this package's dialogs to the page, once. */
export function addStyle(): void {
  if ($('#sms-style').length === 0) $('<style id="sms-style">').text(STYLE).appendTo('head')
}
