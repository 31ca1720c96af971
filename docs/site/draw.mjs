// Draws each diagram that standard input lists, {"name": "source"}, as name-light.svg and name-dark.svg.
//   node draw.mjs CHROMIUM FOLDER < diagrams.json     in a folder where npm has installed mermaid and playwright-core
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [executablePath, folder] = process.argv.slice(2);
const require = createRequire(path.join(process.cwd(), "here.js"));
const { chromium } = require("playwright-core");
const mermaid = path.join(path.dirname(require.resolve("mermaid/package.json")), "dist", "mermaid.min.js");

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
await page.addScriptTag({ path: mermaid });
for (const [name, source] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  for (const [mode, theme] of Object.entries({ light: "neutral", dark: "dark" })) {
    const svg = await page.evaluate(
      async ([text, id, theme]) => {
        // htmlLabels: an SVG that is an image shows no HTML inside
        const flat = { htmlLabels: false, flowchart: { htmlLabels: false } };
        window.mermaid.initialize({ startOnLoad: false, theme, fontFamily: "sans-serif", ...flat });
        return (await window.mermaid.render(id, text)).svg;
      },
      [source, `d${mode}`, theme],
    );
    writeFileSync(path.join(folder, `${name}-${mode}.svg`), `${svg.trimEnd()}\n`);
  }
}
await browser.close();
