/** A text in which what was searched for is marked. */
export function Matched({ text, q }: { text: string; q: string | undefined }) {
  return pieces(text, q).map(({ at, piece, hit }) =>
    hit ? <mark key={at}>{piece}</mark> : <span key={at}>{piece}</span>,
  );
}

type Piece = { at: number; piece: string; hit: boolean };

/** Each word of the search where it stands in the text, whatever the case and the marks on letters. */
export function pieces(text: string, q: string | undefined): Piece[] {
  const letters = [...text];
  const plain = letters.map(fold);
  const hits = new Array<boolean>(letters.length).fill(false);
  for (const word of fold(q ?? "").split(/\s+/)) {
    if (word === "") continue;
    for (let from = 0; from < plain.length; from += 1) {
      const length = lengthOf(plain, from, word);
      if (length > 0) hits.fill(true, from, from + length);
    }
  }
  const found: Piece[] = [];
  letters.forEach((letter, at) => {
    const last = found.at(-1);
    const hit = hits[at] ?? false;
    if (last !== undefined && last.hit === hit) last.piece += letter;
    else found.push({ at, piece: letter, hit });
  });
  return found;
}

/** How many letters from a place on make the word; none if they do not. */
function lengthOf(plain: string[], from: number, word: string): number {
  let rest = word;
  for (let at = from; at < plain.length; at += 1) {
    const letter = plain[at] ?? "";
    if (!rest.startsWith(letter)) return 0;
    rest = rest.slice(letter.length);
    if (rest === "") return at - from + 1;
  }
  return 0;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/giu, "d").toLowerCase();
}
