/** Rights by what they are about, in the order in which the service names them. */
export function groupsOf(permissions: string[]): { group: string; rights: string[] }[] {
  const groups = Map.groupBy(permissions, (permission) => permission.split(".")[0] ?? permission);
  return [...groups].map(([group, rights]) => ({ group, rights }));
}
