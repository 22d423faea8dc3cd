/*
kept.js: banner, consent and event collector for other people's pages, from one script tag.

  <script src="https://privacy.example/kept.js" data-site="shop" data-language="auto" defer></script>

It asks its own server what this browser has answered (GET /v1/consent), shows the banner when
nothing was answered, sends the answer (PUT /v1/consent), starts the page's own scripts of purposes
that were agreed to, and only then collects the event types that the policy declares
(POST /v1/events).

On the page
  <script type="text/plain" data-kept="advertise" src="ads.js"></script>   runs after consent only
  <a href="/choices" data-kept-open>Privacy choices</a>                    opens the choices
  <button data-kept-click="add-to-basket">                                 the name a click gets
  kept.open()   kept.choices   kept.event(type, fields)   window event "kept" with the choices
  --kept-accent, --kept-on-accent                                          custom properties: colours

It does not set a cookie, does not store anything before an answer, makes no identifier, sends no
query string, no fragment and no text of the page, and never breaks the page that carries it:
when its server cannot be reached there is no banner and nothing is collected.
*/
(() => {
  "use strict";
  const tag = document.currentScript;
  if (!tag || window.kept?.open) return;

  // Limits, each with a name.
  const QUEUE_MAX = 100; // events that wait; the newest beyond are dropped
  const BATCH_MAX = 50; // events in one request, well below what a browser sends while a page closes
  const FIELD_MAX = 200; // characters of one field
  const IDLE_MS = 2000; // how long the browser may put a batch off

  const server = new URL(tag.src).origin;
  const wanted = tag.dataset.language;
  const language = (wanted && wanted !== "auto" ? wanted : document.documentElement.lang || navigator.language || "en")
    .slice(0, 2)
    .toLowerCase();

  let state; // the server's last answer
  let panel; // the open section, if any
  let opener; // what had the focus before a person opened the choices
  let root; // the shadow root, once
  let mayLeave = {}; // event types that may be sent now, with their fields
  let queue = [];
  let scheduled;
  let seen; // the path whose view was counted
  let ran = []; // purposes whose scripts were started on this page
  let next; // what is shown when a panel is closed

  // ------------------------------------------------------------------ small things
  // Nothing here may reach the host page as an error.
  const safely = (work) => (...given) => {
    try {
      const result = work(...given);
      return result && result.catch ? result.catch(() => {}) : result;
    } catch {
      return undefined;
    }
  };

  const address = (path, query = {}) => {
    const url = new URL(path, server);
    if (tag.dataset.site) query.site = tag.dataset.site;
    for (const name in query) url.searchParams.set(name, query[name]);
    return url;
  };

  const call = (path, query, method, body, keepalive) =>
    fetch(address(path, query), {
      method,
      keepalive,
      credentials: "include",
      cache: "no-store",
      headers: body && { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    }).then((reply) => (reply.ok ? reply.json() : Promise.reject(reply.status)));

  const make = (name, properties, ...children) => {
    const element = document.createElement(name);
    for (const key in properties) {
      if (key in element) element[key] = properties[key];
      else element.setAttribute(key, properties[key]);
    }
    element.append(...children.filter(Boolean));
    return element;
  };

  // ------------------------------------------------------------------ what was answered
  const signalled = () =>
    state.signals?.gpc || state.signals?.dnt || navigator.globalPrivacyControl || navigator.doNotTrack === "1";

  // A purpose that the browser's own signal refuses cannot be switched on here.
  const locked = (purpose) =>
    signalled() && (purpose.signals ? purpose.signals.some(carries) : !state.answered && state.choices[purpose.id] === "refused");

  const carries = (signal) =>
    state.signals?.[signal] || (signal === "gpc" ? navigator.globalPrivacyControl : navigator.doNotTrack === "1");

  const given = (id) => {
    const purpose = state.purposes.find((one) => one.id === id);
    // Who is asked anew has answered before: the old answer goes on until then.
    return !!purpose && (state.answered || !!state.ask_again) && state.choices[id] === "given" && !locked(purpose);
  };

  const load = () =>
    call("/v1/consent", { language, ...(navigator.globalPrivacyControl && { gpc: 1 }) }).then((answer) => {
      state = answer;
      state.choices ||= {};
      state.texts ||= {};
      state.purposes ||= [];
    });

  // Where cookies are blocked the server forgets a refusal. The page then keeps a constant, the
  // same for everybody: the hash of the text that was refused, and the day until which it counts.
  const remembered = safely(() => {
    const [hash, until] = (localStorage.kept || "").split(" ");
    if (hash === state.text_hash && until >= new Date().toISOString().slice(0, 10)) return true;
    if (hash) delete localStorage.kept;
  });

  const remember = safely(() => {
    const until = new Date(Date.now() + state.refusal_days * 864e5);
    localStorage.kept = state.text_hash + " " + until.toISOString().slice(0, 10);
  });

  // ------------------------------------------------------------------ acting on the answer
  const apply = () => {
    const agreed = state.purposes.filter((purpose) => given(purpose.id)).map((purpose) => purpose.id);
    // A type that a purpose names needs that purpose; any other needs some consent.
    const needs = (type) => state.purposes.filter((purpose) => purpose.events?.includes(type));
    const allowed = ([type]) => agreed.length && (!needs(type).length || needs(type).some(({ id }) => agreed.includes(id)));
    mayLeave = Object.fromEntries(Object.entries(state.events || {}).filter(allowed));
    queue = queue.filter((event) => mayLeave[event.type]);
    for (const script of document.querySelectorAll('script[type="text/plain"][data-kept]')) {
      const purposes = script.dataset.kept.split(/\s+/);
      if (purposes.every(given)) {
        safely(start)(script);
        ran.push(...purposes);
      }
    }
    view();
    dispatchEvent(new CustomEvent("kept", { detail: { ...state.choices } }));
  };

  // Who comes back to this page may have withdrawn elsewhere: in another tab, in the privacy centre.
  const refresh = safely(async () => {
    if (!Object.keys(mayLeave).length && !ran.length) return;
    await load();
    if (!ran.every(given)) location.reload();
    apply();
  });

  const start = (script) => {
    const live = document.createElement("script");
    for (const { name, value } of script.attributes) {
      if (name !== "type" && name !== "data-kept") live.setAttribute(name, value);
    }
    if (script.dataset.type) live.type = script.dataset.type;
    live.nonce = script.nonce;
    live.text = script.text;
    script.replaceWith(live);
  };

  const answer = safely(async (choices) => {
    const refusedAll = !Object.values(choices).includes("given");
    const withdrawn = ran.some((id) => choices[id] !== "given");
    // A withdrawal counts from the click, not from the reply.
    mayLeave = {};
    queue = [];
    let receipt;
    try {
      receipt = await call("/v1/consent", {}, "PUT", {
        choices,
        text_hash: state.text_hash,
        language: state.language,
      });
      await load();
      if (state.answered) safely(() => delete localStorage.kept)();
      else if (refusedAll) remember();
    } catch {
      // Not acknowledged: not an answer. Nothing leaves this page, and the person is told and asked again.
      await safely(load)();
      const heading = show(true);
      panel.insertBefore(make("p", { role: "alert", className: "bad", textContent: text("failed") }), panel.children[1]);
      return heading.focus();
    }
    if (withdrawn) {
      // A script that already runs can only be stopped by a fresh page; the receipt crosses over.
      safely(() => (sessionStorage.kept = JSON.stringify(receipt)))();
      return location.reload();
    }
    apply();
    showReceipt(receipt);
  });

  // ------------------------------------------------------------------ the banner
  const text = (name) => state.texts[name] || (own[state.language] || own.en)[name];
  // Words that the server may send but need not.
  const own = {
    en: { saved: "Your choice is saved", copy: "Keep a copy", signal: "Refused by your browser’s privacy signal", given: "agreed", refused: "refused", failed: "This could not be saved. Please try again." },
    zh: { saved: "您的选择已保存", copy: "保存回执", signal: "您的浏览器已发出拒绝信号", given: "已同意", refused: "已拒绝", failed: "未能保存，请重试。" },
  };

  const close = () => {
    panel?.remove();
    panel = undefined;
    if (opener?.isConnected) opener.focus();
    opener = undefined;
    const then = next;
    next = undefined;
    then?.();
  };

  const button = (name, onclick, properties) =>
    make("button", { type: "button", textContent: text(name), onclick: safely(onclick), ...properties });

  const stand = () => {
    if (root) return;
    const host = make("kept-banner");
    root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    // Beside the body, not in it: first in the order of focus, and no rule of the page meets it.
    document.documentElement.insertBefore(host, document.body);
  };

  const place = (title, ...children) => {
    const className = panel ? "" : "in";
    panel?.remove();
    stand();
    const heading = make("h2", { id: "t", tabIndex: -1, textContent: title });
    const cross = button("close", close, { className: "x", textContent: "×", "aria-label": text("close") });
    panel = make(
      "section",
      { role: "region", className, "aria-labelledby": "t", lang: state.language, dir: "auto" },
      make("header", {}, heading, cross),
      ...children,
    );
    root.append(panel);
    return heading;
  };

  const policy = (clause, label) =>
    make("a", { href: new URL(state.policy || "/privacy", server) + (clause ? "#" + clause : ""), target: "_blank", rel: "noopener", textContent: label });

  const row = (purpose) => {
    const off = locked(purpose);
    const id = "p-" + purpose.id;
    return make(
      "li",
      {},
      make("input", { type: "checkbox", role: "switch", id, value: purpose.id, disabled: off, checked: given(purpose.id) && !state.ask_again?.includes(purpose.id), "aria-describedby": id + "-d" }),
      make("label", { htmlFor: id, textContent: purpose.title }),
      make("p", { id: id + "-d" }, purpose.text + " ", purpose.clause && policy(purpose.clause, "§ " + purpose.clause), off && make("em", { textContent: text("signal") })),
    );
  };

  const show = (choosing) => {
    const list = make("ul", { hidden: !choosing }, ...state.purposes.map(row));
    const decide = (wish) => () =>
      answer(Object.fromEntries(state.purposes.map((purpose, at) => [purpose.id, wish(list.children[at].firstChild) && !locked(purpose) ? "given" : "refused"])));
    const save = button("save", decide((input) => input.checked), { className: "wide", hidden: !choosing });
    const choose = button(
      "choose",
      () => {
        list.hidden = save.hidden = false;
        choose.hidden = true;
        list.querySelector("input:enabled")?.focus();
      },
      { className: "wide", hidden: choosing },
    );
    const body = make("p", {}, text("body") + " ", policy("", text("more")));
    const acts = make("footer", {}, button("refuse", decide(() => false)), button("accept", decide(() => true)), choose, save);
    const { notice } = state;
    const news = notice && make("p", {}, make("a", { href: new URL(notice.href, server), target: "_blank", rel: "noopener", textContent: notice.title }));
    return place(text("title"), news, body, list, acts);
  };

  const showReceipt = (receipt) => {
    const file = URL.createObjectURL(new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" }));
    const lines = state.purposes.map((purpose) => make("li", { className: "line" }, purpose.title, make("b", { textContent: text(given(purpose.id) ? "given" : "refused") })));
    const copy = make("a", { className: "act", href: file, download: "consent-receipt.json", textContent: text("copy") });
    place(text("saved"), make("ul", {}, ...lines), make("footer", {}, copy, button("change", () => open()))).focus();
  };

  // What every page says once in a tab: a service that ends, with its days and the way to one's data; a
  // new version of the policy, and what it changes.
  const told = (id) => (safely(() => sessionStorage.keptEnd)() || "").split(" ").includes(id);
  const tell = ({ id, title, text, href, export: label }) => {
    const act = label && make("a", { className: "act wide", href: new URL(href || "/me/export", server), target: "_blank", rel: "noopener", textContent: label });
    place(title, make("p", { textContent: text }), make("footer", {}, act));
    next = () => {
      safely(() => (sessionStorage.keptEnd = (sessionStorage.keptEnd || "") + " " + id))();
      ask();
    };
  };

  // When the browser's signal has refused everything there is nothing left to ask.
  const ask = () => !state.answered && !state.purposes.every(locked) && !remembered() && show(false);

  const open = safely(() => {
    if (!state) return false;
    if (!panel) opener = root?.activeElement || document.activeElement;
    show(true).focus();
    return true;
  });

  // ------------------------------------------------------------------ the collector
  const hostOf = (url) => {
    const { host } = new URL(url);
    return host && host !== location.host ? host : undefined;
  };

  // Only declared types, and of those only declared fields.
  const collect = safely((type, known) => {
    const fields = mayLeave[type];
    if (!fields || queue.length >= QUEUE_MAX) return;
    const event = { type, at: new Date().toISOString() };
    for (const field of fields) {
      const value = known[field];
      if (value !== undefined) event[field] = typeof value === "string" ? value.slice(0, FIELD_MAX) : value;
    }
    queue.push(event);
    scheduled ||= (window.requestIdleCallback || setTimeout)(send, window.requestIdleCallback ? { timeout: IDLE_MS } : IDLE_MS);
  });

  const send = safely(async () => {
    scheduled = undefined;
    while (queue.length) {
      const batch = queue.splice(0, BATCH_MAX);
      try {
        const { refused } = await call("/v1/events", {}, "POST", batch, true);
        // Withdrawn elsewhere, or not permitted: do not offer that type again on this page.
        for (const { index } of refused || []) delete mayLeave[batch[index].type];
        queue = queue.filter((event) => mayLeave[event.type]);
      } catch (status) {
        // Unreachable or overloaded: wait for the next occasion; anything else said no.
        if (status >= 400 && status < 429) mayLeave = {};
        else queue = [...batch, ...queue].filter((event) => mayLeave[event.type]).slice(0, QUEUE_MAX);
        return;
      }
    }
  });

  // Once for each path, and not before the answer: then the page that is open counts.
  const view = () => {
    if (!mayLeave["page-view"] || seen === location.pathname) return;
    seen = location.pathname;
    collect("page-view", {
      path: seen,
      referrer_host: document.referrer ? hostOf(document.referrer) : undefined,
      language: document.documentElement.lang || undefined,
    });
  };

  const click = (target) => {
    const hit = target.closest("a[href],button,summary,[role=button],[data-kept-click]");
    if (hit) {
      collect("click", {
        path: location.pathname,
        target: hit.dataset.keptClick || hit.id || hit.localName,
        target_host: hit.href && hostOf(hit.href),
      });
    }
  };

  // ------------------------------------------------------------------ the way in
  const STYLE = `
    :host { all: initial }
    section {
      --a: var(--kept-accent, #0c5a51); --o: var(--kept-on-accent, #fff);
      --s: #fff; --i: #17211e; --m: #4b5854; --e: #74827d;
      position: fixed; z-index: 2147483647; inset-block-end: 16px; inset-inline-start: 16px;
      box-sizing: border-box; width: 448px; max-width: calc(100% - 32px); max-height: calc(100% - 32px);
      overflow: auto; padding: 20px 20px 0; border: 1px solid var(--e); border-radius: 10px;
      color: var(--i); background: var(--s); box-shadow: 0 8px 32px rgb(0 0 0 / 20%);
      font: 15px/1.5 -apple-system, "Segoe UI", Roboto, Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
      color-scheme: light dark; overflow-wrap: anywhere;
    }
    header { display: flex; gap: 8px; align-items: start; justify-content: space-between }
    h2 { font-size: 18px; line-height: 1.35; margin: 0 }
    p { margin: 8px 0 0; color: var(--m) }
    a { color: var(--a); text-underline-offset: 3px }
    em { display: block; font-style: normal; color: var(--i) }
    li a { display: inline-block }
    ul { list-style: none; margin: 12px 0 0; padding: 0 }
    [hidden] { display: none !important }
    li { display: grid; grid-template-columns: 1fr 44px; gap: 0 12px; padding: 12px 0; border-top: 1px solid color-mix(in srgb, var(--e) 40%, transparent); align-items: center }
    li p { margin: 2px 0 0; font-size: 14px; grid-column: 1 / 3 }
    .line { grid-template-columns: 1fr auto; padding: 8px 0 }
    label { font-weight: 600; cursor: pointer; grid-row: 1; grid-column: 1 }
    input {
      appearance: none; grid-row: 1; grid-column: 2; position: relative; width: 44px; height: 24px; margin: 0; box-sizing: border-box;
      border: 1px solid var(--e); border-radius: 24px; cursor: pointer;
    }
    input::before {
      content: ""; position: absolute; inset-block-start: 3px; inset-inline-start: 3px;
      width: 16px; height: 16px; border-radius: 50%; background: var(--e);
    }
    input:checked { background: var(--a); border-color: var(--a) }
    input:checked::before { inset-inline-start: 23px; background: var(--o) }
    input:disabled { opacity: .6; cursor: default }
    footer { position: sticky; bottom: 0; display: grid; grid-template-columns: 1fr 1fr; gap: 8px; padding: 16px 0 20px; background: var(--s) }
    button, .act {
      font: inherit; font-weight: 600; min-height: 44px; padding: 8px 12px; box-sizing: border-box; text-align: center; text-decoration: none;
      color: var(--o); background: var(--a); border: 2px solid var(--a); border-radius: 6px; cursor: pointer;
    }
    .act { display: grid; place-content: center }
    .wide { grid-column: 1 / 3; color: var(--a); background: none }
    button:hover, .act:hover { text-decoration: underline }
    .dock { all: revert; position: fixed; z-index: 2147483646; inset-block-end: 8px; inset-inline-start: 8px; font: 13px/1 Arial, sans-serif; padding: 8px 10px; cursor: pointer }
    .bad { color: var(--i); font-weight: 600; border-inline-start: 4px solid #c0392b; padding-inline-start: 10px }
    .x { flex: none; width: 36px; min-height: 36px; margin: -6px -8px 0 0; margin-inline: 0 -8px; padding: 0; font-size: 22px; line-height: 1; color: var(--m); background: none; border-color: transparent }
    :focus-visible { outline: 3px solid #1459c7; outline-offset: 2px; border-radius: 6px }
    h2:focus { outline: none }
    @media (max-width: 479px) {
      section { inset: auto 8px 8px; width: auto; max-width: none; max-height: calc(100% - 16px); padding: 16px 16px 0 }
      footer { padding-bottom: 16px }
    }
    @media (prefers-color-scheme: dark) {
      section { --a: var(--kept-accent, #7fcfc0); --o: var(--kept-on-accent, #04241f); --s: #18201d; --i: #e7eeeb; --m: #b4c1bc; --e: #7f908a }
      :focus-visible { outline-color: #8bb9ff }
    }
    @media (prefers-reduced-motion: no-preference) {
      .in { animation: in .2s ease-out }
      @keyframes in { from { opacity: 0; transform: translateY(8px) } }
      input::before { transition: inset-inline-start .15s }
    }
    @media print { section { display: none } }
  `;

  window.kept = {
    open,
    event: (type, fields) => collect(type, { path: location.pathname, ...fields }),
    get choices() {
      return { ...state?.choices };
    },
  };

  const listen = () => {
    document.addEventListener(
      "click",
      safely((event) => {
        // Not reachable: the element does what it does without this script (a link to our page).
        if (event.target.closest("[data-kept-open]")) open() && event.preventDefault();
        else click(event.target);
      }),
    );
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && panel && !event.defaultPrevented) close();
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? send() : refresh()));
    addEventListener("pageshow", (event) => event.persisted && refresh());
    addEventListener("pagehide", send);
    window.navigation?.addEventListener("currententrychange", view);
  };

  const begin = safely(async () => {
    listen();
    await load();
    apply();
    // A page without a link of its own still offers one click to change one's mind.
    if (!document.querySelector("[data-kept-open]")) {
      stand();
      root.prepend(button("change", open, { className: "dock" }));
    }
    const receipt = safely(() => sessionStorage.kept)();
    if (receipt) {
      delete sessionStorage.kept;
      return showReceipt(JSON.parse(receipt));
    }
    const end = state.endings?.at(-1);
    const { notice } = state;
    if (end && !told(end.id)) tell(end);
    else if (notice && state.answered && !told("v" + notice.version)) tell({ ...notice, id: "v" + notice.version, export: text("more") });
    else ask();
  });

  if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
