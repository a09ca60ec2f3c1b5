/** The longest function name that the platform accepts. */
const maxLength = 127;

/** A function name for each hub: the hub's name, with forbidden characters replaced. Unique, and stable as long as the list is. */
export function functionNames(hubs: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const hub of hubs) {
    const plain = hub
      .replace(/[^A-Za-z0-9_-]/g, '_')
      .replace(/^(?![A-Za-z])/, 'hub_')
      .slice(0, maxLength - 4);
    let name = plain;
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${plain}_${i}`;
    taken.add(name.toLowerCase());
    names.set(hub, name);
  }
  return names;
}
