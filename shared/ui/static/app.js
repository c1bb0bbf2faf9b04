// Pages work without this. It keeps [data-live] moving: parts come as HTML, each in a template,
// and replace the element of the same id; [data-k] that is new or changed is shown for a moment.
const live = document.querySelector("[data-live]");

if (live) {
  const state = live.querySelector("[role=status]");
  const button = live.querySelector("button");
  const note = "paused " + location.pathname;
  let stream, later;
  let paused = sessionStorage.getItem(note) === "1" ||
    (sessionStorage.getItem(note) === null && Boolean(navigator.connection?.saveData));

  const say = (name) => {
    if (state.textContent !== state.dataset[name]) state.textContent = state.dataset[name];
    live.dataset.now = name;
  };

  const texts = (root) => new Map(
    [...root.querySelectorAll("[data-k]")].map((each) => [each.dataset.k, each.textContent]));

  const swap = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    for (const { content } of box.content.children) {
      const fresh = content.firstElementChild;
      const old = document.getElementById(fresh.id);
      if (!old || old.isEqualNode(fresh)) continue;
      const before = texts(old);
      for (const each of fresh.querySelectorAll("[data-k]")) {
        if (before.get(each.dataset.k) !== each.textContent) each.classList.add("fresh");
      }
      old.replaceWith(fresh);
    }
  };

  const close = () => {
    clearTimeout(later);
    stream?.close();
    stream = undefined;
  };

  const open = () => {
    close();
    if (paused || document.hidden) return;
    stream = new EventSource(live.dataset.live);
    stream.onopen = () => say("on");
    stream.onerror = () => {
      say("off");
      if (stream?.readyState === EventSource.CLOSED) later = setTimeout(open, 5000);
    };
    stream.addEventListener("swap", (event) => swap(event.data));
  };

  const show = () => {
    button.textContent = paused ? button.dataset.go : button.dataset.pause;
    if (paused) say("paused");
  };

  button.addEventListener("click", () => {
    paused = !paused;
    sessionStorage.setItem(note, paused ? "1" : "0");
    show();
    paused ? close() : open();
  });
  document.addEventListener("visibilitychange", () => document.hidden ? close() : open());
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  live.hidden = false;
  show();
  open();
}
