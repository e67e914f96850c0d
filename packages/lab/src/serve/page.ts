import path from "node:path";
import { build } from "esbuild";

/** The page, made once at the start: one document, one script, one style sheet. */
export interface PageFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

const folder = path.join(import.meta.dirname, "../../page/src");

/** Bundles the page's sources with everything they import. @throws {Error} of esbuild, with file and line, when one does not compile. */
export async function bundlePage(): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: { page: path.join(folder, "main.tsx"), style: path.join(folder, "page.css") },
    outdir: "page",
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2023",
    platform: "browser",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  const file = (ending: string): string => outputFiles.find(({ path: name }) => name.endsWith(ending))?.text ?? "";
  return { html: HTML, script: file(".js"), style: file(".css") };
}

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Nightshift lab</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<div id="page"><p>The lab is starting…</p><noscript>The lab's page needs JavaScript; it fetches nothing from elsewhere.</noscript></div>
<script type="module" src="/page.js"></script>
</body>
</html>
`;
