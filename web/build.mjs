// Writes web/dist/kept.min.js from web/kept.js. Its first line holds the hash of the source, so that
// a test can tell when the two have parted. `node web/build.mjs --check` only compares.
// It does not bundle: kept.js has no imports.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { brotliCompressSync, constants } from "node:zlib";

const BROTLI_MAX = 5000;
const require = createRequire(new URL("../e2e/package.json", import.meta.url));
const { minify } = require("terser");
const source = await readFile(new URL("kept.js", import.meta.url), "utf8");
const target = new URL("dist/kept.min.js", import.meta.url);

const squeeze = (css) =>
  css
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replace(/;}/g, "}")
    .trim();

const squeezed = source.replace(/const STYLE = `([^`]*)`/, (_, css) => "const STYLE = `" + squeeze(css) + "`");
const { code } = await minify(squeezed, {
  ecma: 2022,
  toplevel: true,
  compress: { passes: 3, unsafe_arrows: true, booleans_as_integers: false, pure_getters: true },
  mangle: true,
  format: { comments: false },
});
const hash = createHash("sha256").update(source).digest("hex");
const built = `/*! kept.js, source sha256:${hash} */\n${code}\n`;
const size = brotliCompressSync(built, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
}).length;

if (process.argv.includes("--check")) {
  const committed = await readFile(target, "utf8").catch(() => "");
  if (committed !== built) {
    console.error("web/dist/kept.min.js is not what web/kept.js gives: run `node web/build.mjs`");
    process.exit(1);
  }
} else {
  await mkdir(new URL("dist/", import.meta.url), { recursive: true });
  await writeFile(target, built);
}
console.log(`kept.min.js: ${built.length} bytes, brotli ${size} of ${BROTLI_MAX}`);
if (size > BROTLI_MAX) {
  console.error(`kept.min.js is larger than ${BROTLI_MAX} bytes of brotli`);
  process.exit(1);
}
