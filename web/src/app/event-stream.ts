/** Server-sent events, read by fetch: unlike `EventSource` it can say in which organisation. */

export type Frame = { id?: string; event?: string; data: string };

/** The frames that are whole in a text, and what is left of it. */
export function frames(text: string): { frames: Frame[]; rest: string } {
  const parts = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = parts.pop() ?? "";
  return { frames: parts.map(frame).filter((part) => part !== undefined), rest };
}

function frame(text: string): Frame | undefined {
  const found: Frame = { data: "" };
  const data: string[] = [];
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    const field = line.slice(0, colon);
    if (field === "data") data.push(value);
    if (field === "id") found.id = value;
    if (field === "event") found.event = value;
  }
  if (data.length === 0 && found.event === undefined) return undefined;
  return { ...found, data: data.join("\n") };
}

type Follow = {
  headers: () => Record<string, string>;
  onFrame: (frame: Frame) => void;
  onState: (isOpen: boolean) => void;
  /** That one may not, or no longer, follow it. */
  onRefused: () => void;
  signal: AbortSignal;
};

const PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 5_000;

/** Follows the stream until it is told to stop; after a break it goes on where it was. */
export async function follow(address: string, how: Follow) {
  const { headers, onFrame, onState, onRefused, signal } = how;
  let last: string | undefined;
  let pause = PAUSE_MS;
  while (!signal.aborted) {
    try {
      const resume: Record<string, string> = last === undefined ? {} : { "Last-Event-ID": last };
      const response = await fetch(address, { headers: { ...headers(), ...resume }, signal });
      if (response.status === 401 || response.status === 403) return onRefused();
      if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
      onState(true);
      pause = PAUSE_MS;
      let text = "";
      for await (const part of pieces(response.body)) {
        const read = frames(text + part);
        text = read.rest;
        for (const frame of read.frames) {
          last = frame.id ?? last;
          onFrame(frame);
        }
      }
    } catch {
      if (signal.aborted) return;
    }
    onState(false);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function* pieces(body: ReadableStream<Uint8Array>) {
  const reader = body.pipeThrough(new TextDecoderStream() as never).getReader() as {
    read: () => Promise<{ done: boolean; value?: string }>;
  };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (value !== undefined) yield value;
  }
}
