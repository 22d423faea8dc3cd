// Shows messages that this server sends (Push API), and opens the page that each speaks of. It keeps
// nothing, caches nothing and stands in the way of no request.
"use strict";

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // A message that cannot be read is none.
  }
  if (!said.title) return;
  const { title, body, tag, url } = said;
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // Only pages of ours are opened, whatever a message says.
  const here = new URL("/privacy", self.location.origin);
  let there = here;
  try {
    there = new URL(event.notification.data.url, here);
  } catch {
    // The page of the policy, then.
  }
  event.waitUntil(self.clients.openWindow(there.origin === here.origin ? there : here));
});
