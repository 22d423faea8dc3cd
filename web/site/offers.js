// Runs only where this browser agreed to relevant advertisements (data-kept="advertise"): it puts
// an offer that fits the page in the place of the common one.
for (const slot of document.querySelectorAll("[data-slot]")) {
  const zh = document.documentElement.lang.startsWith("zh");
  slot.dataset.slot = "relevant";
  slot.querySelector("img").src = "img/scraper.svg";
  slot.querySelector("strong").textContent = zh ? "PM-20 专用刮缸器" : "Bowl scraper for your PM-20";
  slot.querySelector("span").textContent = zh ? "因为您看过搅拌机。" : "Because you looked at mixers.";
}
