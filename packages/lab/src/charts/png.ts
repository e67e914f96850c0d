import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { FONT } from "./draw.ts";

const require = createRequire(import.meta.url);
let fonts: readonly Uint8Array[] | undefined;
let loading: Promise<void> | undefined;

/** Reads the renderer and its typeface from the disk, once a process. Takes real time: call it before a lab's clock runs. */
export function loadCharts(): Promise<void> {
  loading ??= (async () => {
    const [wasm, plain, bold] = await Promise.all(
      ["@resvg/resvg-wasm/index_bg.wasm", "dejavu-fonts-ttf/ttf/DejaVuSans.ttf", "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"].map((file) =>
        readFile(require.resolve(file)),
      ),
    );
    if (wasm === undefined || plain === undefined || bold === undefined) throw new Error("three files were asked for, and fewer came");
    await initWasm(new Uint8Array(wasm));
    fonts = [plain, bold];
  })();
  return loading;
}

/** The PNG of an SVG. The same SVG gives the same bytes on every machine: no typeface but our own is used. @throws {Error} before `loadCharts` has ended. */
export function pngOf(svg: string): Uint8Array {
  if (fonts === undefined) throw new Error("The lab's charts are not loaded: await loadCharts() (loadAdapters() does) before the lab's clock runs.");
  const image = new Resvg(svg, { font: { fontBuffers: [...fonts], defaultFontFamily: FONT, sansSerifFamily: FONT } });
  const rendered = image.render();
  const png = rendered.asPng();
  rendered.free();
  image.free();
  return png;
}
