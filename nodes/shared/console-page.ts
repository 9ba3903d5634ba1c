import type { HttpHandler } from './red.ts'

/**
 * The console as a page of its own. There is nothing of anybody's in it: what it shows it asks for with the token that
 * the editor keeps. Addresses are relative, as a proxy may have put Node-RED below any path.
 */
const PAGE = `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>SMS</title>
<link rel="icon" href="data:,">
<script type="module" src="../resources/@sms-flows/node-red-sms/nodes/editor/console/page.js"></script>
</head>
<body></body>
</html>
`

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self' ws: wss:; img-src data:; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

/** Answers with the page. */
export const consolePage: HttpHandler = (request, response) => {
  // With a slash at its end, all the relative addresses would lead elsewhere.
  const [path = '', query] = request.originalUrl.split('?')
  if (path.endsWith('/')) {
    response.statusCode = 302
    response.setHeader('location', `../console${query === undefined ? '' : `?${query}`}`)
    response.end()
    return
  }
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  response.end(PAGE)
}
