/** What somebody wrote, for a sentence that names it: the first 40 characters. */
export const quote = (text: string): string => `«${text.length > 40 ? `${text.slice(0, 40)}…` : text}»`
