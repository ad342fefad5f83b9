// Bundles the page's modules and style sheets into wwwroot/dist: what signing in needs, the chat, and what comes on first use.
// Then writes the page that loads them.
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const outdir = 'wwwroot/dist';
const shared = { outdir, bundle: true, minify: true, sourcemap: true, logLevel: 'warning', target: 'es2022' };

// The library sets the style attribute of its elements, which the page's policy refuses. By the style object it is allowed.
const allowedStyles = {
  name: 'allowed-styles',
  setup({ onLoad }) {
    onLoad({ filter: /emoji-picker-element[\\/]picker\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const setAttribute = 'targetNode.setAttribute(attributeName, newValue)';
      if (source.split(setAttribute).length !== 2) {
        throw new Error(
          `${path} does not set its attributes as it did: see that its styles are still allowed.`,
        );
      }
      const setStyle = 'targetNode.style.cssText = newValue';
      return {
        contents: source.replace(setAttribute, `attributeName === 'style' ? (${setStyle}) : ${setAttribute}`),
        loader: 'js',
      };
    });
  },
};

await rm(outdir, { recursive: true, force: true });
// The names are fixed: the build of the server puts a fingerprint of each file into them. Of code that several bundles share
// there may be one piece only, or two files would have one name, and that ends the build.
await build({
  ...shared,
  entryPoints: ['js/main.js', 'js/chat.js', 'js/shell/timer_worker.js', 'css/main.css'],
  entryNames: '[name]',
  chunkNames: '[name]',
  format: 'esm',
  splitting: true,
  plugins: [allowedStyles],
});
await build({ ...shared, entryPoints: ['js/shell/early.js'], format: 'iife' });

// The build of the server writes the digests of all scripts into the page's import map. What is loaded before a module asks for
// it has to name the same one, or the browser loads it again.
const page = await readFile('index.html', 'utf8');
const links = [...page.matchAll(/dist\/(\w+)#\[\.\{fingerprint\}\]\.js"/g)];
const digests = await Promise.all(
  links.map(async ([, name]) =>
    createHash('sha256')
      .update(await readFile(`${outdir}/${name}.js`))
      .digest('base64'),
  ),
);
const written = links.reduce(
  (text, [link], index) => text.replace(link, `${link} integrity="sha256-${digests[index]}"`),
  page,
);
await writeFile('wwwroot/index.html', written);
