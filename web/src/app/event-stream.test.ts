import { expect, it } from "vitest";
import { frames } from "./event-stream";

it("frames are read as they become whole", () => {
  const first = frames(
    "retry: 2000\n\n: hb\n\nid: 7\nevent: customer.tagged\ndata: {}\n\nid: 8\nda",
  );
  expect(first).toEqual({
    frames: [{ id: "7", event: "customer.tagged", data: "{}" }],
    rest: "id: 8\nda",
  });
  expect(frames(`${first.rest}ta: a\ndata: b\n\n`).frames).toEqual([{ id: "8", data: "a\nb" }]);
});

it("a frame without data is read for its name", () => {
  expect(frames("event: dossier.reset\r\n\r\n").frames).toEqual([
    { event: "dossier.reset", data: "" },
  ]);
});
