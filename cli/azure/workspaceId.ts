/** The resource id of a Log Analytics workspace; undefined for any other text. */
export function workspaceIdIn(text: string): string | undefined {
  const id = text.trim().replace(/\/$/, '');
  return pattern.test(id) ? id : undefined;
}

const pattern =
  /^\/subscriptions\/[\da-f-]{36}\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.OperationalInsights\/workspaces\/[a-z\d][a-z\d-]{2,61}[a-z\d]$/i;
