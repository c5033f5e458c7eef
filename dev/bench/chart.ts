/** A value that was measured. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Lines over two logarithmic axes. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

const WIDTH = 720;
const HEIGHT = 440;
const PLOT = { left: 70, right: 690, top: 60, bottom: 380 };

/** The chart as an SVG, readable on a light and on a dark ground. */
export function drawChart({ title, xLabel, yLabel, series }: Chart): string {
  const points = series.flatMap((each) => each.points);
  const x = logarithmicAxis(
    points.map((point) => point.x),
    PLOT.left,
    PLOT.right,
  );
  const y = logarithmicAxis(
    points.map((point) => point.y),
    PLOT.bottom,
    PLOT.top,
  );
  const middle = (PLOT.left + PLOT.right) / 2;
  const center = (PLOT.top + PLOT.bottom) / 2;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${title}</title>`,
    `<desc id="desc">${describe(series, xLabel, yLabel)}</desc>`,
    STYLE,
    `<rect class="ground" width="${String(WIDTH)}" height="${String(HEIGHT)}"/>`,
    `<text class="title" x="${String(PLOT.left)}" y="30">${title}</text>`,
    ...x.decades.map(
      (value) =>
        line("grid", x.at(value), PLOT.top, x.at(value), PLOT.bottom) +
        text("middle", x.at(value), PLOT.bottom + 20, value.toLocaleString("en")),
    ),
    ...y.decades.map(
      (value) =>
        line("grid", PLOT.left, y.at(value), PLOT.right, y.at(value)) +
        text("end", PLOT.left - 8, y.at(value) + 4, value.toLocaleString("en")),
    ),
    text("middle", middle, HEIGHT - 15, `${xLabel} (logarithmic)`),
    `<text text-anchor="middle" transform="translate(18 ${String(center)}) rotate(-90)">${yLabel} (logarithmic)</text>`,
    ...series.map((each, index) => drawSeries(each, index, x.at, y.at)),
    "</svg>",
  ].join("\n")}\n`;
}

const STYLE = `<style>
text { font: 14px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.ground { fill: #ffffff; }
.grid { stroke: #d1d9e0; }
.line { fill: none; stroke-width: 2.5; }
.series0 { stroke: #0969da; color: #0969da; }
.series1 { stroke: #9a6700; color: #9a6700; stroke-dasharray: 6 4; }
.series2 { stroke: #1a7f37; color: #1a7f37; stroke-dasharray: 2 4; }
circle { fill: currentColor; stroke: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .ground { fill: #0d1117; }
  .grid { stroke: #3d444d; }
  .series0 { stroke: #58a6ff; color: #58a6ff; }
  .series1 { stroke: #d29922; color: #d29922; }
  .series2 { stroke: #3fb950; color: #3fb950; }
}
</style>`;

type Position = (value: number) => number;

/** From a power of ten to a power of ten. */
function logarithmicAxis(
  values: readonly number[],
  from: number,
  to: number,
): { decades: number[]; at: Position } {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    decades: Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index)),
    at: (value) => Math.round(from + ((Math.log10(value) - first) / (last - first)) * (to - from)),
  };
}

/** A line with its marks, and its name in the legend. */
function drawSeries({ name, points }: Series, index: number, x: Position, y: Position): string {
  const places = points.map((point) => [x(point.x), y(point.y)] as const);
  const legend = PLOT.top + 20 + index * 22;
  const kind = `series${String(index)}`;
  return [
    `<polyline class="line ${kind}" points="${places.map((place) => place.join(",")).join(" ")}"/>`,
    ...places.map(
      ([cx, cy]) => `<circle class="${kind}" cx="${String(cx)}" cy="${String(cy)}" r="4"/>`,
    ),
    line(`line ${kind}`, PLOT.left + 15, legend, PLOT.left + 55, legend),
    text("start", PLOT.left + 65, legend + 5, name),
  ].join("\n");
}

function line(kind: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${kind}" x1="${String(x1)}" y1="${String(y1)}" x2="${String(x2)}" y2="${String(y2)}"/>`;
}

function text(anchor: string, x: number, y: number, content: string): string {
  return `<text text-anchor="${anchor}" x="${String(x)}" y="${String(y)}">${content}</text>`;
}

/** The numbers in words, for whoever cannot see the lines. */
function describe(series: readonly Series[], xLabel: string, yLabel: string): string {
  return series
    .map(({ name, points }) => {
      const values = points.map(
        ({ x, y }) => `${x.toLocaleString("en")} ${xLabel}: ${y.toFixed(1)} ${yLabel}`,
      );
      return `${name}: ${values.join(", ")}.`;
    })
    .join(" ");
}
