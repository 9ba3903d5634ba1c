/** What an element contains; nothing where a part is left out. */
export type Child = Node | string | undefined | false

type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>

/** An element with its attributes and contents; functions named `onclick` and the like hear its events. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children)
}

/** The same in a drawing. */
export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

/** Replaces the contents of an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter(isThere))
}

/** Shows an element or not. */
export function toggle(element: Element, isShown: boolean): void {
  element.classList.toggle('sms-off', !isShown)
}

function filled<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...children.filter(isThere))
  return element
}

const isThere = (child: Child): child is Node | string => child !== undefined && child !== false && child !== ''
