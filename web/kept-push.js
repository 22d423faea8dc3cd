// Switches messages to this browser on and off, on the page "/me/push". The page says everything in
// words of its own; this shows which of its parts fit.
"use strict";
(async () => {
  const part = (name) => document.querySelector(`[data-push="${name}"]`);
  const show = (name, on) => part(name) && (part(name).hidden = !on);
  const all = ["off", "on", "blocked", "unable", "failed"];
  const only = (name) => all.forEach((it) => show(it, it === name));

  if (!navigator.serviceWorker || !window.PushManager) return only("unable");

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0));
  const send = async (method, body) => {
    const reply = await fetch("/v1/me/push", {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!reply.ok && !(method === "DELETE" && reply.status === 404)) throw new Error(reply.status);
  };

  const worker = await navigator.serviceWorker.register("/kept-sw.js");
  const current = () => worker.pushManager.getSubscription();
  const look = async () => {
    if (Notification.permission === "denied") return only("blocked");
    only((await current()) ? "on" : "off");
  };

  const on = async () => {
    if ((await Notification.requestPermission()) !== "granted") return look();
    const { key } = await (await fetch("/v1/push/key")).json();
    await navigator.serviceWorker.ready;
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
    await send("PUT", made.toJSON());
    look();
  };

  const off = async () => {
    const made = await current();
    if (made) {
      await send("DELETE", { endpoint: made.endpoint });
      await made.unsubscribe();
    }
    look();
  };

  const tried = (work) => () => work().catch(() => show("failed", true));
  part("off").querySelector("button").addEventListener("click", tried(on));
  part("on").querySelector("button").addEventListener("click", tried(off));
  await look();
})().catch(() => {});
