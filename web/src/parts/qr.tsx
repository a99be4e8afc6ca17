/** A QR code as an SVG: drawn by attributes alone, because the page may not have inline styles. */

import { encode } from "uqr";

/** Modules of quiet ground round the code, without which some phones do not find it. */
const BORDER = 4;

interface QrProps {
  /** What a phone reads. */
  readonly text: string;
  /** What the picture is, for those who cannot see it. */
  readonly label: string;
}

export function Qr({ text, label }: QrProps) {
  const { size, data } = encode(text, { ecc: "M", border: BORDER });
  return (
    <svg
      class="p-qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      width="180"
      height="180"
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={runs(data)} fill="#000" />
    </svg>
  );
}

/** Each run of dark modules in a row as one rectangle. */
function runs(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) =>
      row.flatMap((isDark, x) => {
        if (!isDark || row[x - 1] === true) return [];
        const end = row.indexOf(false, x);
        const length = (end === -1 ? row.length : end) - x;
        return [`M${x} ${y}h${length}v1h-${length}z`];
      }),
    )
    .join("");
}
