export function findNode(root: string): Promise<string>
export function nodePackage(
  platform: string,
  arch: string,
  musl: boolean,
): { readonly name: string; readonly spec: string } | { readonly problem: string }
