/* The week as a grid, with a panel beside it and the changes of others: over a page that is a list of links and works without. */
(() => {
  "use strict";

  const panel = document.getElementById("week-panel");
  const inPanel = document.getElementById("week-panel-body");
  const grid = document.getElementById("week-grid");
  const switcher = document.getElementById("week-switch");
  const wide = window.matchMedia("(min-width: 60rem)");
  const parts = ["move", "session", "cancel", "missed"];
  const ofSession = /^\/practices\/[^/]+\/bookings\/[^/]+(\/(move|cancel))?$/; /* pages with one of these parts */
  const unattended = { "X-Unattended": "yes" };
  const undoSeconds = 20;
  let calendar = null; /* the grid, once it was wanted */
  let dropped = null; /* how to put a dragged block back, while it is asked whether to move */
  let isDragging = false;
  let isStale = false; /* others changed something while it would have disturbed */
  let isList = false;
  let opener = null; /* the session whose panel was opened: there the focus goes when it closes */

  const week = () => document.getElementById("week");
  const announce = (text) => { document.getElementById("announcer").textContent = text; };

  /* A passing message; what it holds may be an element with a form of its own. It waits for who is at it. */
  const toast = (content, seconds = 8) => {
    const shown = document.getElementById("toast").content.firstElementChild.cloneNode(true);
    shown.querySelector("span").replaceChildren(content);
    shown.querySelector(".toast__close").addEventListener("click", () => shown.remove());
    document.querySelectorAll("#toasts .toast").forEach((one) => one.remove());
    document.getElementById("toasts").append(shown);
    const leave = () => {
      if (shown.matches(":hover, :focus-within")) window.setTimeout(leave, 2000);
      else shown.remove();
    };
    window.setTimeout(leave, seconds * 1000);
  };

  const fetchPage = async (url, options = {}) => {
    const answer = await fetch(url, options);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (new URL(answer.url).pathname === "/sign-in") {
      window.location.assign("/sign-in?" + new URLSearchParams({ next: window.location.pathname + window.location.search }));
    }
    return { page, isFine: answer.ok, url: answer.url };
  };

  const failed = () => toast("That did not work. Please try again in a moment.");

  /* --- The week --------------------------------------------------------------------------------- */

  const isGivenUp = (line) => line.classList.contains("week__session--given-up");
  const meet = (one, other) => one !== other && one.dataset.begins < other.dataset.ends && other.dataset.begins < one.dataset.ends;

  /* What was given up stands slim beside what takes place then, which keeps the room for its words. */
  const placeOf = (line, lines) => {
    const met = lines.filter((other) => meet(line, other));
    const isAlone = !met.some((other) => !isGivenUp(other));
    if (isGivenUp(line)) return isAlone ? ["week-event--given-up"] : ["week-event--given-up", "week-event--slim"];
    return isAlone && met.length ? ["week-event--beside-slim"] : [];
  };

  const sessionEvents = () => [...week().querySelectorAll("[data-session]")].map((line, _, lines) => ({
    id: line.dataset.session,
    start: line.dataset.begins,
    end: line.dataset.ends,
    startEditable: Boolean(line.dataset.move),
    className: ["week-event", `week-event--${line.dataset.kind}`].concat(placeOf(line, lines)),
    extendedProps: { line },
  }));

  const spanEvents = () => [...week().querySelectorAll("i[data-kind]")].map((span) => ({
    start: span.dataset.begins,
    end: span.dataset.ends,
    display: "background",
    className: `week-span week-span--${span.dataset.kind}`,
    title: span.dataset.label,
    extendedProps: { label: span.dataset.kind === "hours" ? "" : span.dataset.label },
  }));

  const events = () => spanEvents().concat(sessionEvents());

  /* This week once more, as it is by now. It does not count as somebody being there. */
  const refresh = async () => {
    if (isDragging || dropped) { isStale = true; return; }
    isStale = false;
    const { page, isFine } = await fetchPage(week().dataset.url, { headers: unattended });
    const fresh = page.getElementById("week");
    if (!isFine || !fresh) return;
    const id = atSession();
    week().replaceWith(fresh);
    document.getElementById("week-count").textContent = fresh.dataset.count;
    showView();
    if (calendar) {
      calendar.setOption("timeZone", fresh.dataset.offset);
      calendar.setOption("events", events());
      window.setTimeout(withoutTable);
    }
    if (id && !panel.open) window.setTimeout(() => focusOn(id));
  };

  /* The session at which the focus is. */
  const atSession = () => {
    const block = document.activeElement.closest("[data-session], .ec-event");
    return block && (block.dataset.session || block.dataset.id);
  };

  const focusOn = (id) => {
    const block = calendar && !isList ? grid.querySelector(`.ec-event[data-id="${id}"]`) : week().querySelector(`[data-session="${id}"] a`);
    if (block) block.focus();
  };

  const catchUp = () => { if (isStale) refresh().catch(() => {}); };

  /* --- The panel -------------------------------------------------------------------------------- */

  /* Shows the part of a page that belongs into the panel; whether there was one. */
  const showPart = (page) => {
    const part = parts.map((id) => page.getElementById(id)).find(Boolean);
    if (!part) return false;
    inPanel.replaceChildren(document.importNode(part, true));
    if (!panel.open) panel.showModal();
    const notice = page.querySelector("main .banner");
    if (notice) { inPanel.prepend(document.importNode(notice, true)); announce(notice.textContent.trim()); }
    (inPanel.querySelector("#errors") || inPanel).focus();
    return true;
  };

  const open = async (url, id = opener) => {
    opener = id;
    try {
      const { page } = await fetchPage(url);
      if (!showPart(page)) window.location.assign(url);
    } catch {
      putBack();
      failed();
    }
  };

  const putBack = () => {
    if (dropped) dropped();
    dropped = null;
  };

  /* What was moved, and the way back for a while. */
  const showMoved = (moved) => {
    dropped = null;
    if (panel.open) panel.close();
    toast(document.importNode(moved, true), undoSeconds);
    announce(moved.querySelector("span").textContent);
    refresh().catch(() => {});
  };

  const send = async (form, button) => {
    const body = new URLSearchParams(new FormData(form, button));
    const buttons = form.querySelectorAll("button");
    buttons.forEach((one) => { one.disabled = true; });
    try {
      const { page, url } = await fetchPage(form.action, { method: "POST", body });
      if (new URL(url).pathname.endsWith("/series")) { window.location.assign(url); return; } /* others move along: every date is shown */
      const moved = page.getElementById("moved");
      if (moved) { showMoved(moved); return; }
      if (!showPart(page)) { putBack(); if (panel.open) panel.close(); failed(); }
      if (!dropped) refresh().catch(() => {});
    } catch {
      failed();
    } finally {
      buttons.forEach((one) => { one.disabled = false; });
    }
  };

  const back = () => new URL(week().dataset.url, window.location.origin);

  const moveUrl = (line, start) => {
    const url = new URL(line.dataset.move, window.location.origin);
    url.searchParams.set("back", back().pathname + back().search);
    if (start) {
      url.searchParams.set("day", start.slice(0, 10));
      url.searchParams.set("at", start.slice(11, 16));
    }
    return url.pathname + url.search;
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("#week a, #week-panel a");
    if (event.target.closest("#week-panel-close, #week-panel [data-close]")) {
      event.preventDefault();
      panel.close();
    } else if (link && ofSession.test(link.pathname)) {
      event.preventDefault();
      const line = link.closest("[data-session]");
      open(link.href, line ? line.dataset.session : opener);
    }
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#week-panel, #toasts")) return;
    event.preventDefault();
    const shown = event.target.closest(".toast");
    send(event.target, event.submitter).then(() => { if (shown) shown.remove(); });
  });

  panel.addEventListener("close", () => {
    putBack();
    catchUp();
    /* The browser leads back by itself, but not to a block that was drawn anew meanwhile. */
    if (!atSession()) focusOn(opener);
  });
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });

  /* --- The grid --------------------------------------------------------------------------------- */

  const two = (number) => String(number).padStart(2, "0");
  /* The grid tells times as the browser's own; what they show is what the calendar's clocks show. */
  const wall = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;

  const content = ({ event }) => {
    const { line, label } = event.extendedProps;
    if (!line) return { domNodes: label ? [text("week-span__label", label)] : [] };
    const day = line.closest(".week__day").querySelector("time").textContent;
    return { domNodes: [text("visually-hidden", `${day}, `), ...line.querySelector("a").cloneNode(true).childNodes] };
  };

  const text = (className, told) => Object.assign(document.createElement("span"), { className, textContent: told });

  /* The grid calls itself a table, with cells that hold nothing: to who hears it, it is a group of buttons. */
  const withoutTable = () => {
    for (const one of grid.querySelectorAll("[role]:not([role=button]), [aria-colindex], [aria-rowindex]")) {
      for (const name of ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan"]) {
        if (name !== "role" || one.getAttribute("role") !== "button") one.removeAttribute(name);
      }
    }
  };

  /* The hour at the top: seven in the morning, and in the present week one from which the present is in view. */
  const firstHour = () => {
    const { from, offset } = week().dataset;
    const usual = Math.max(from, 7);
    if (!week().querySelector(".week__day--today")) return usual;
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(offset);
    const ahead = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    const now = new Date(Date.now() + ahead).getUTCHours();
    return now < usual ? Math.max(from, now) : Math.max(usual, now - 4);
  };

  const mount = () => {
    const { monday, offset, from, until } = week().dataset;
    calendar = window.EventCalendar.create(grid, {
      view: "timeGridWeek",
      headerToolbar: { start: "", center: "", end: "" },
      date: monday,
      firstDay: 1,
      timeZone: offset,
      locale: "en-GB",
      allDaySlot: false,
      nowIndicator: true,
      slotDuration: "00:30",
      snapDuration: "00:15",
      slotHeight: 40, /* fifty minutes hold four lines: when, who, how it stands, whether it is paid */
      slotMinTime: `${two(from)}:00`,
      slotMaxTime: `${two(until)}:00`,
      flexibleSlotTimeLimits: true,
      scrollTime: `${two(firstHour())}:00`,
      slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
      dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
      slotEventOverlap: false,
      eventDurationEditable: false,
      eventStartEditable: true,
      events: events(),
      eventContent: content,
      eventDidMount: ({ event, el }) => { if (event.extendedProps.line) el.dataset.id = event.id; },
      eventClick: ({ event }) => open(event.extendedProps.line.querySelector("a").href, event.id),
      eventDragStart: () => { isDragging = true; },
      eventDragStop: () => { isDragging = false; window.setTimeout(catchUp); },
      eventDrop: ({ event, revert }) => {
        dropped = revert;
        open(moveUrl(event.extendedProps.line, wall(event.start)), event.id);
      },
      dateClick: ({ date }) => {
        const at = wall(date);
        window.location.assign(`${week().dataset.new}&${new URLSearchParams({ day: at.slice(0, 10), at: at.slice(11, 16) })}`);
      },
    });
    withoutTable();
  };

  const showView = () => {
    isList = switcher.dataset.wants === "list" || !wide.matches;
    if (!isList && !calendar) mount();
    grid.hidden = isList;
    week().hidden = !isList;
    switcher.hidden = !wide.matches;
    switcher.textContent = isList ? "Show as a grid" : "Show as a list";
  };

  switcher.addEventListener("click", () => {
    switcher.dataset.wants = isList ? "grid" : "list";
    showView();
  });
  wide.addEventListener("change", showView);

  /* --- What others change ----------------------------------------------------------------------- */

  let stream = null;
  let wasLost = false;
  let waiting = 0;

  const soon = () => {
    window.clearTimeout(waiting);
    /* Not all at once, where all heard it at once. */
    waiting = window.setTimeout(() => refresh().catch(() => {}), 100 + 400 * Math.random());
  };

  const listen = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(week().dataset.changes);
    stream.addEventListener("open", () => { if (wasLost) soon(); wasLost = false; });
    stream.addEventListener("changed", soon);
    stream.addEventListener("over", () => {
      stop();
      const link = Object.assign(document.createElement("a"), { href: window.location.href, textContent: "Sign in again" });
      const told = document.createElement("span");
      told.append("You are signed out, so this calendar does not change any more. ", link, ".");
      toast(told, 3600);
    });
    stream.addEventListener("error", () => {
      wasLost = true;
      if (stream && stream.readyState === EventSource.CLOSED) { stop(); soon(); } /* refused: looking tells why */
    });
  };

  const stop = () => {
    if (stream) stream.close();
    stream = null;
  };

  /* A window that nobody sees needs no line; browsers have few of them for one server. */
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { stop(); wasLost = true; } else listen();
  });
  window.addEventListener("pagehide", stop);

  document.addEventListener("DOMContentLoaded", () => {
    showView();
    listen();
  });
})();
