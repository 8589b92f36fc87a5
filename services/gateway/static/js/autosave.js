/* Saves a draft while it is typed. The form works without this: its buttons save as well. What is typed goes to
   the server only, never into a storage of the browser, where whoever uses it next could read it. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const told = document.getElementById("saved");
  const AFTER_KEY = 2000; /* a few seconds' typing is one request */
  const PATIENCE = 10000;
  const RETRY_AFTER = 10000;
  const MOST_KEPT_ALIVE = 60000; /* what a browser still sends while a page is left */
  const MOST_RETRIES = 6; /* nobody is kept signed in by a page that nobody types in */

  const state = { isDirty: false, timer: null, underWay: null, unanswered: null, retries: 0, isStopped: false };

  const say = (text, isBad) => {
    told.classList.toggle("saved--bad", isBad);
    if (told.textContent !== text) told.textContent = text;
  };

  const plan = (wait) => {
    if (state.timer === null && !state.isStopped) state.timer = window.setTimeout(save, wait);
  };

  const unplan = () => {
    window.clearTimeout(state.timer);
    state.timer = null;
  };

  const retry = (text) => {
    state.isDirty = true;
    say(text, true);
    state.retries += 1;
    if (state.retries <= MOST_RETRIES) plan(RETRY_AFTER);
  };

  const refused = async (answer) => {
    state.isDirty = true;
    state.unanswered = null;
    if (answer.status === 401) {
      say("Not saved: you have been signed out. Sign in in another window, then press “Save draft” here.", true);
    } else if (answer.status === 409) {
      state.isStopped = true;
      say("Not saved: this note was saved or signed in another window. Press “Save draft” to see both texts.", true);
    } else {
      const problem = await answer.json().catch(() => ({}));
      say(`Not saved. ${problem.title || "Please press “Save draft”."}`, true);
    }
  };

  const kept = async (answer) => {
    const saved = await answer.json();
    const wasOlder = state.unanswered !== null;
    state.unanswered = null;
    state.retries = 0;
    form.elements.revision.value = saved.revision;
    if (window.location.pathname !== form.dataset.page) window.history.replaceState(null, "", form.dataset.page);
    if (wasOlder || state.isDirty) plan(wasOlder ? 0 : AFTER_KEY);
    else say(saved.saved_label, false);
  };

  /* One at a time. A text whose answer never came is sent again as it was, so that the server can tell it from
     one of another window; what was typed since follows it. */
  const send = async (body) => {
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body,
        keepalive: body.toString().length < MOST_KEPT_ALIVE,
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      state.unanswered = body;
      retry("Not saved: Attune cannot be reached. We try again.");
      return;
    }
    if (answer.ok) await kept(answer);
    else if (answer.status >= 500) {
      state.unanswered = body;
      retry("Not saved: Attune is busy. We try again.");
    } else await refused(answer);
  };

  const fields = () => {
    const sent = new URLSearchParams(new FormData(form));
    sent.delete("act");
    return sent;
  };

  const save = () => {
    unplan();
    if (state.underWay || state.isStopped || !state.isDirty) return;
    const body = state.unanswered || fields();
    if (!state.unanswered) state.isDirty = false;
    say("Saving …", false);
    state.underWay = send(body).finally(() => { state.underWay = null; });
  };

  const changed = () => {
    state.isDirty = true;
    state.retries = 0;
    plan(AFTER_KEY);
  };

  const showSections = () => {
    const chosen = form.elements.format.value;
    for (const section of form.querySelectorAll("[data-formats]")) {
      const isOfFormat = section.dataset.formats.split(" ").includes(chosen);
      section.hidden = !isOfFormat && !section.querySelector("textarea").value.trim();
    }
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", showSections);
  form.addEventListener("focusout", () => { if (state.isDirty) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && state.isDirty) save(); });

  /* A button waits for the save that is under way, whose revision it needs. */
  form.addEventListener("submit", async (event) => {
    unplan();
    if (state.underWay) {
      event.preventDefault();
      await state.underWay;
      unplan();
      form.requestSubmit(event.submitter);
      return;
    }
    state.isDirty = false;
    state.isStopped = true;
  });

  window.addEventListener("beforeunload", (event) => {
    if (state.isDirty) save();
    if (state.isDirty) event.preventDefault();
  });
})();
