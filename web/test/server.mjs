// A small stand-in for Kept and for a site that carries its script, on two origins, for the tests of
// web/. It keeps what it was sent so that a test can look at it. It decides nothing and is no model
// of the server's rules.
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const STUCK_MS = 30000; // after which a test that waits for a request gives up
const WEB = new URL("../", import.meta.url);
const KINDS = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

const TEXTS = {
  en: {
    title: "Your choice about cookies and usage data",
    body: "We would like to understand how this site is used and to show offers that fit. Nothing of this happens before you answer, and refusing changes nothing else.",
    accept: "Accept all", refuse: "Refuse all", choose: "Choose", save: "Save my choice", close: "Close without answering",
    more: "Read the policy", change: "Privacy choices",
  },
  zh: {
    title: "请您选择 Cookie 与使用数据的用途",
    body: "我们希望了解本网站的使用情况，并展示更合适的内容。在您答复之前，这些都不会发生；拒绝不影响其他任何功能。",
    accept: "全部同意", refuse: "全部拒绝", choose: "逐项选择", save: "保存选择", close: "关闭，暂不答复",
    more: "阅读隐私政策", change: "隐私选择",
  },
};
const PURPOSES = {
  en: [
    { id: "improve", title: "Improve our services", text: "Counts which pages are read and what is clicked, without looking at persons.", clause: "use-improve" },
    { id: "personalise", title: "Respond to your needs", text: "Remembers language and instructions that fit your machines.", clause: "use-personalise" },
    { id: "advertise", title: "Relevant advertisements", text: "Offers that fit, in place of common ones.", clause: "use-advertise" },
  ],
  zh: [
    { id: "improve", title: "改进服务", text: "统计页面的阅读与点击，不针对个人。", clause: "use-improve" },
    { id: "personalise", title: "响应您的需求", text: "记住语言与适合您机器的使用说明。", clause: "use-personalise" },
    { id: "advertise", title: "更相关的广告", text: "以更合适的内容代替普通广告。", clause: "use-advertise" },
  ],
};
const EVENTS = { "page-view": ["path", "referrer_host", "language"], click: ["path", "target", "target_host"] };
const TIED = { improve: ["page-view", "click"] };
const SIGNALS = { improve: ["dnt"], advertise: ["gpc", "dnt"] };

const listen = (handler) =>
  new Promise((resolve) => {
    const server = createServer((request, reply) => {
      handler(request, reply).catch((error) => reply.writeHead(500).end(String(error)));
    });
    server.listen(0, "127.0.0.1", () => resolve({ server, origin: `http://localhost:${server.address().port}` }));
  });

const bodyOf = async (request) => {
  let text = "";
  for await (const part of request) text += part;
  return text;
};

const cookieOf = (request) => /(?:^|; )kept=([^;]*)/.exec(request.headers.cookie || "")?.[1];

function consent(request, language, modes) {
  const cookie = cookieOf(request);
  const choices = cookie?.startsWith("v.") ? JSON.parse(Buffer.from(cookie.slice(2), "base64url")) : {};
  if (cookie === "refused") for (const { id } of PURPOSES.en) choices[id] = "refused";
  const gpc = request.headers["sec-gpc"] === "1";
  const dnt = request.headers.dnt === "1";
  return {
    answered: !!cookie, choices, signals: { gpc, dnt }, language, text_hash: "sha256:" + "ab".repeat(32), policy: "/privacy", version: 1, refusal_days: 180,
    texts: TEXTS[language],
    purposes: PURPOSES[language].map((one) => (modes.bare ? one : { ...one, signals: SIGNALS[one.id] || [], events: TIED[one.id] || [] })),
    events: EVENTS,
    ...(modes.notice && { notice: modes.notice }),
    ...(modes.endings && { endings: modes.endings }),
    // Who is asked anew has not answered yet, and has an old answer.
    ...(modes.askAgain && { ask_again: modes.askAgain, answered: false }),
  };
}

// A page with no link to the choices, no language, and an element whose id is the script's own name.
const BARE = `<!doctype html><title>Bare</title><main><h1>Bare</h1><p id="kept">Nothing here.</p></main><script src="{{kept}}/kept.js" defer></script>`;

/** Starts both origins. `seen` holds requests; `modes` turns behaviour on and off. */
export async function world() {
  const seen = { gets: 0, puts: [], events: [], requests: [] };
  const bell = new EventEmitter();
  const modes = { down: false, failPut: false, refuseEvents: false, noCookie: false, bare: false, askAgain: undefined, notice: undefined, endings: undefined, source: "dist/kept.min.js" };
  const kept = await listen(async (request, reply) => {
    const url = new URL(request.url, "http://x");
    reply.on("finish", () => bell.emit("reply"));
    seen.requests.push(`${request.method} ${request.url}`);
    const headers = {
      "access-control-allow-origin": request.headers.origin || "*", "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, PUT, POST", "access-control-allow-headers": "content-type", "content-type": "application/json",
    };
    if (url.pathname === "/kept.js") return reply.writeHead(200, { "content-type": "text/javascript" }).end(await readFile(new URL(modes.source, WEB)));
    if (modes.down) return reply.writeHead(503, headers).end("{}");
    if (request.method === "OPTIONS") return reply.writeHead(204, headers).end();
    if (url.pathname === "/v1/consent" && request.method === "GET") {
      seen.gets += 1;
      return reply.writeHead(200, headers).end(JSON.stringify(consent(request, url.searchParams.get("language") === "zh" ? "zh" : "en", modes)));
    }
    if (url.pathname === "/v1/consent" && request.method === "PUT") {
      const put = JSON.parse(await bodyOf(request));
      seen.puts.push(put);
      if (modes.failPut) return reply.writeHead(503, headers).end("{}");
      const any = Object.values(put.choices).includes("given");
      const value = any ? "v." + Buffer.from(JSON.stringify(put.choices)).toString("base64url") : "refused";
      if (!modes.noCookie) headers["set-cookie"] = `kept=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=15552000`;
      return reply.writeHead(200, headers).end(JSON.stringify({ schema: "27560", ...(any && { id: "rcp_cn_1" }), choices: put.choices }));
    }
    if (url.pathname === "/v1/events") {
      const batch = JSON.parse(await bodyOf(request));
      seen.events.push(...batch);
      const refused = modes.refuseEvents ? batch.map((_, index) => ({ index, clauses: ["use-improve"] })) : [];
      return reply.writeHead(200, headers).end(JSON.stringify({ accepted: batch.length - refused.length, refused }));
    }
    return reply.writeHead(200, { ...headers, "content-type": "text/html" }).end("<title>Kept</title>");
  });
  const site = await listen(async (request, reply) => {
    const { pathname } = new URL(request.url, "http://x");
    if (pathname === "/favicon.ico") return reply.writeHead(204).end();
    const file = new URL(pathname.startsWith("/own/") ? pathname.slice(5) : "site" + (pathname === "/" ? "/index.html" : pathname), WEB);
    const content = pathname === "/bare.html" ? BARE : await readFile(file).catch(() => undefined);
    if (!content) return reply.writeHead(404).end();
    const policy = `default-src 'self'; script-src 'self' ${kept.origin}; connect-src 'self' ${kept.origin}; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`;
    const kind = extname(pathname) || ".html";
    const out = kind === ".html" ? content.toString().replaceAll("{{kept}}", kept.origin) : content;
    return reply.writeHead(200, { "content-type": KINDS[kind] || "application/octet-stream", "content-security-policy": policy }).end(out);
  });
  const stop = () => {
    for (const { server } of [kept, site]) {
      server.closeAllConnections();
      server.close();
    }
  };
  // Resolves when what was sent makes `met` true; looks again after each reply, not after a time.
  const until = async (met) => {
    const signal = AbortSignal.timeout(STUCK_MS);
    while (!met()) await once(bell, "reply", { signal });
  };
  return { kept: kept.origin, site: site.origin, seen, modes, until, stop };
}
