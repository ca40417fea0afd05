/** Where in a text of JSON the value stands that a pointer names; what is not there has no place. */
export function placeOf(text: string, pointer: string): { start: number; end: number } | undefined {
  const path = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  let at = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? "")) at += 1;
  };
  const string = (): string => {
    const start = at;
    at += 1;
    while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at += 1;
    return JSON.parse(text.slice(start, at)) as string;
  };
  /** Reads a value; the answer is where the rest of the path is found in it. */
  const value = (rest: string[] | undefined): { start: number; end: number } | undefined => {
    skip();
    const start = at;
    let found: { start: number; end: number } | undefined;
    const isList = text[at] === "[";
    if (isList || text[at] === "{") {
      at += 1;
      skip();
      for (let index = 0; at < text.length && text[at] !== "]" && text[at] !== "}"; index += 1) {
        const key = isList ? `${index}` : string();
        skip();
        if (!isList) at += 1;
        const inner = value(rest !== undefined && rest[0] === key ? rest.slice(1) : undefined);
        found ??= inner;
        skip();
        if (text[at] === ",") at += 1;
        skip();
      }
      at += 1;
    } else if (text[at] === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text[at] ?? "")) at += 1;
    if (found !== undefined) return found;
    return rest?.length === 0 ? { start, end: at } : undefined;
  };
  try {
    return value(path);
  } catch {
    return undefined;
  }
}

/** The place of a pointer, or of the nearest thing around it that is there. */
export function nearestPlace(text: string, pointer: string): { start: number; end: number } {
  const parts = pointer.split("/");
  for (let length = parts.length; length > 1; length -= 1) {
    const place = placeOf(text, parts.slice(0, length).join("/"));
    if (place !== undefined) return place;
  }
  return { start: 0, end: 0 };
}

export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
