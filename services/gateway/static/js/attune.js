/* Comforts over pages that work without it. Alpine's CSP build evaluates no strings, so every behaviour is named here. */
(() => {
  "use strict";

  const announce = (text) => {
    const region = document.getElementById("announcer");
    if (region) region.textContent = text;
  };

  /* A passing message in the corner, which can be closed before it goes by itself. */
  const toast = (text) => {
    const shown = document.getElementById("toast").content.firstElementChild.cloneNode(true);
    shown.querySelector("span").textContent = text;
    shown.querySelector("button").addEventListener("click", () => shown.remove());
    document.getElementById("toasts").append(shown);
    window.setTimeout(() => shown.remove(), 8000);
  };

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  /* This page once more, now that the server knows the zone: its times take the place of those shown,
     also in the browser's cache, for whoever comes back. */
  const showZoned = async () => {
    const shown = document.getElementById("zoned");
    const answer = await fetch(window.location.href, { cache: "reload" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("zoned");
    if (!answer.ok || !fresh || !shown.isConnected) return;
    const focused = shown.contains(document.activeElement) && document.activeElement.id;
    shown.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
    if (focused) document.getElementById(focused)?.focus();
    announce("Times are now shown in your time zone.");
  };

  /* The zone of the browser, remembered in a cookie that pages read; only while nobody has chosen one. */
  const detectZone = () => {
    const chooser = document.querySelector("[data-zone]");
    if (!chooser || chooser.dataset.zoneSource !== "practitioner") return;
    if (!navigator.cookieEnabled || document.cookie.includes("attune_zone=")) return;
    const detected = Intl.DateTimeFormat().resolvedOptions().timeZone; /* last: it takes long */
    if (!detected) return;
    document.cookie = `attune_zone=${detected}; path=/; max-age=31536000; SameSite=Lax`;
    if (chooser.dataset.zone !== detected) showZoned().catch(() => {});
  };

  const say = {
    /* Seconds at which a screen reader hears how long the hold lasts. */
    moments: new Set([300, 120, 60, 30]),
    left: (seconds) => (seconds >= 60 ? `${Math.floor(seconds / 60)} minutes` : `${seconds} seconds`),
  };

  /* Hold countdown: ends at data-ends-at; the extend button is an ordinary form that works without this. */
  const holdCountdown = () => ({
    left: 0,
    spoken: "",
    timer: null,
    init() {
      const beganAt = performance.now();
      const total = Number(this.$el.dataset.secondsLeft);
      const tick = () => {
        this.left = Math.max(0, Math.round(total - (performance.now() - beganAt) / 1000));
        if (say.moments.has(this.left)) this.spoken = `We hold this time for another ${say.left(this.left)}.`;
        if (this.left === 0) this.end();
      };
      tick();
      this.timer = window.setInterval(tick, 1000);
    },
    destroy() { window.clearInterval(this.timer); },
    end() {
      window.clearInterval(this.timer);
      this.spoken = "The time is no longer held. You can still continue if nobody else took it.";
    },
    get label() { return clock(this.left); },
    get running() { return this.left > 0; },
    get lapsed() { return this.left === 0; },
  });

  /* Month grid and 7-day strip: arrow keys move between the days that can be chosen. */
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

  const sameWeekday = (days, here, step) => {
    const column = (day) => day.closest("td, li").cellIndex;
    for (let next = here + step; next >= 0 && next < days.length; next += step) {
      if (column(days[next]) === column(days[here])) return next;
    }
    return here;
  };

  document.addEventListener("keydown", (event) => {
    const day = event.target.closest("a.day");
    const step = steps[event.key];
    if (!day || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const days = [...day.closest(".month, .strip").querySelectorAll("a.day")];
    const here = days.indexOf(day);
    const vertical = event.key === "ArrowUp" || event.key === "ArrowDown";
    const next = vertical ? sameWeekday(days, here, step) : here + step;
    days[Math.max(0, Math.min(days.length - 1, next))].focus();
  });

  /* A native dialog: the browser traps focus; we give it back to the opener. */
  const dialog = () => ({
    opener: null,
    open(event) {
      this.opener = event.currentTarget;
      event.preventDefault();
      this.$refs.dialog.showModal();
    },
    close() { this.$refs.dialog.close(); },
    restore() { if (this.opener) this.opener.focus(); },
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast("Link copied.");
    } catch {
      toast("Your browser did not allow copying. You can select the link and copy it.");
    }
  });

  /* What is typed into a long form is kept while it is typed; its button for that works without this. One at a
     time: an older text that came late would take the place of a newer one. */
  const KEEP_AFTER = 2500;
  const PATIENCE = 10000;
  const keepTyped = (form) => {
    const told = form.querySelector("[data-kept]");
    const sending = { timer: null, underWay: null, isDirty: false };
    const show = ({ answered, asked, label }) => {
      form.querySelector("[data-progress]").textContent = label;
      Object.assign(form.querySelector("progress"), { max: asked, value: answered });
      const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      told.textContent = `Kept at ${now}. You can go on later.`;
    };
    const send = async () => {
      try {
        const answer = await fetch(form.dataset.keep, {
          method: "POST",
          headers: { "X-Autosave": "yes" },
          body: new URLSearchParams(new FormData(form)),
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (answer.ok && !answer.redirected) show(await answer.json());
        else if (answer.status === 409) told.textContent = "Not kept: you went on in another window. Press “Save and go on later” to go on here.";
        else told.textContent = "Not kept yet. Please press “Save and go on later”.";
      } catch {
        told.textContent = "Not kept yet: we could not reach Attune.";
      }
    };
    const keep = () => {
      if (sending.underWay || !sending.isDirty) return;
      sending.isDirty = false;
      sending.underWay = send().finally(() => {
        sending.underWay = null;
        if (sending.isDirty) plan();
      });
    };
    const plan = () => {
      window.clearTimeout(sending.timer);
      sending.timer = window.setTimeout(keep, KEEP_AFTER);
    };
    form.addEventListener("input", () => {
      sending.isDirty = true;
      plan();
    });
    form.addEventListener("submit", async (event) => {
      window.clearTimeout(sending.timer);
      sending.isDirty = false;
      if (!sending.underWay) return;
      event.preventDefault();
      await sending.underWay;
      window.clearTimeout(sending.timer);
      form.requestSubmit(event.submitter);
    });
  };

  /* Alpine looks at everything that a window holds, and Chromium calls a look at this one deprecated. */
  delete window.fence;

  document.addEventListener("alpine:init", () => {
    window.Alpine.data("holdCountdown", holdCountdown);
    window.Alpine.data("dialog", dialog);
  });

  /* On a phone the times lie below the days: show and announce them after a day was tapped (a boosted link). */
  const showTimes = () => {
    const times = document.getElementById("times");
    if (!times) return;
    if (times.getBoundingClientRect().bottom > window.innerHeight) times.scrollIntoView({ block: "start" });
    announce(times.dataset.announce || "");
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (target && target.id === "zoned" && event.detail.boosted) showTimes();
    const results = document.getElementById("result-count");
    if (target && target.id === "directory" && results) announce(results.textContent.trim());
  });

  /* Filters stay open while they are chosen one by one; "Show" closes them over what was found. */
  let filtersStayOpen = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const cause = event.detail.requestConfig.triggeringEvent;
    const filters = document.querySelector(".filters");
    filtersStayOpen = Boolean(filters && filters.open && cause && cause.type === "change");
  });
  document.addEventListener("htmx:afterSettle", () => {
    const filters = document.querySelector(".filters");
    if (filters && filtersStayOpen) filters.open = true;
    filtersStayOpen = false;
  });

  document.addEventListener("htmx:sendError", () => toast("We could not reach Attune. Please check your connection and try again."));
  document.addEventListener("htmx:responseError", () => toast("That did not work. Please try again in a moment."));

  /* What answers a form takes the focus, errors first, so that it is read before the form. */
  document.addEventListener("DOMContentLoaded", () => {
    const answer = document.getElementById("errors") || document.getElementById("preview");
    if (answer) answer.focus();
    document.querySelectorAll("form[data-keep]").forEach(keepTyped);
    window.setTimeout(detectZone); /* a task of its own, so that a tap is not kept waiting */
  });
})();
