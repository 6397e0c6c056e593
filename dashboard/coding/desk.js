// The coding desk: shows a piece, takes marks by mouse and keyboard, and sends them on.
// Text of pieces, codebook and coders enters the page as text only.

// Nobody has read a piece so soon: an Enter or a click this early was meant for the last one.
const TOO_SOON = 500;
const NOTE_PAUSE = 600;

const DIGIT = /^(?:Digit|Numpad)([0-9])$/;
const TYPING = "input, textarea, select, [contenteditable='true']";
const PRESSING = `${TYPING}, a, button, summary, [role='button'], [role='combobox'], [role='tab']`;
const MODAL = "[data-testid='stDialog'], [role='dialog'][aria-modal='true']";

const STATES = {
  saving: "Saving…",
  saved: "Saved",
  late: "Not saved yet: the server does not answer. Trying again.",
};

function made(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function listed(title, items) {
  const parts = [made("h4", "", title), made("ul")];
  for (const item of items) parts[1].append(made("li", "", item));
  return items.length ? parts : [];
}

class Desk {
  constructor(root) {
    this.root = root;
    this.at = null;
    this.asking = false;
    this.leaving = false;
    this.shown = "";
    this.book = "";
    this.seconds = 0;
    this.messages = new Messages((state) => this.tell(state));
    this.onKey = (event) => this.key(event);
    this.onSight = () => this.clock();
    window.addEventListener("keydown", this.onKey, true);
    document.addEventListener("visibilitychange", this.onSight);
    root.addEventListener("click", (event) => this.click(event));
    const note = this.get("#note");
    note.addEventListener("input", () => this.noted(NOTE_PAUSE));
    note.addEventListener("blur", () => this.noted(0));
    this.get(".help").addEventListener("close", () => this.settle());
  }

  get(selector) {
    return this.root.querySelector(selector);
  }

  close() {
    window.removeEventListener("keydown", this.onKey, true);
    document.removeEventListener("visibilitychange", this.onSight);
    clearTimeout(this.noteTimer);
    this.messages.close();
  }

  // What the server says now.
  take(data, post) {
    this.messages.post = (message) => post("act", message);
    const fresh = `${data.task.piece}\n${data.turn}` !== this.shown;
    this.data = data;
    this.task = data.task;
    this.get(".desk").hidden = false;
    const book = JSON.stringify([data.frames, data.rules]);
    if (book !== this.book) {
      this.book = book;
      this.drawFrames();
      this.drawBook();
      if (!fresh) this.drawMarks();
    }
    this.drawTop();
    if (data.cookie) document.cookie = data.cookie;
    if (fresh) this.begin();
    else if (data.answered === this.messages.sent?.id) this.leaving = false;
    this.messages.answered(data.answered);
    this.drawMarks();
  }

  begin() {
    this.shown = `${this.task.piece}\n${this.data.turn}`;
    this.marks = marksOf(this.data.frames, this.task.draft);
    this.seconds = this.task.draft?.seconds ?? 0;
    this.since = document.hidden ? null : Date.now();
    this.begun = Date.now();
    this.at = null;
    this.leaving = false;
    this.asking = false;
    clearTimeout(this.noteTimer);
    this.messages.waiting = null;
    this.get(".state").textContent = "";
    this.get("#note").value = this.marks.note;
    this.get(".writing").hidden = !this.marks.note;
    this.drawPiece();
    this.drawMarks();
    const active = document.activeElement;
    // Also from the link that led here: the keys are the desk's from the first.
    if (!active?.matches(TYPING)) this.settle();
    this.get(".top").scrollIntoView({ block: "start" });
    this.get(".panel").scrollTop = 0;
    this.say(`Piece ${this.task.number} of ${this.task.total}: ${this.task.title}`);
  }

  clock() {
    if (this.since) this.seconds += (Date.now() - this.since) / 1000;
    this.since = document.hidden ? null : Date.now();
  }

  tell(state) {
    // A note that waits for a pause in the typing is not saved by the answer to what went before.
    if (state === "saved" && this.get("#note").value.trim() !== this.marks.note) return;
    const place = this.get(".state");
    place.textContent = STATES[state];
    place.classList.toggle("late", state === "late");
  }

  say(text) {
    this.get(".heard").textContent = text;
  }

  // Keys reach the desk from wherever the reader is; the current sentence shows the place.
  settle() {
    const place = this.sentence(this.at) ?? this.get(".article");
    place.focus({ preventScroll: true });
  }

  // --- drawing

  drawTop() {
    const { progress, said, task } = this.data;
    this.get(".number").textContent = `Piece ${task.number} of ${task.total}`;
    this.get(".left").textContent = progress.left;
    const bar = this.get(".bar");
    bar.setAttribute("aria-valuemax", progress.total);
    bar.setAttribute("aria-valuenow", progress.done);
    bar.firstElementChild.style.width = `${(100 * progress.done) / Math.max(1, progress.total)}%`;
    const place = this.get(".said");
    place.hidden = !said;
    place.textContent = said ?? "";
    const again = this.get(".again");
    again.hidden = !task.again;
    again.textContent = task.again ?? "";
    this.get(".undo").disabled = !progress.undo;
  }

  drawPiece() {
    const article = this.get(".article");
    const head = made("div", "headline");
    head.append(this.drawn(0, this.task.title || "(no headline)"));
    const body = this.task.paragraphs.map((parts) => {
      const paragraph = made("p");
      paragraph.setAttribute("role", "presentation");
      for (const [number, text] of parts) {
        paragraph.append(number === null ? text : this.drawn(number, text));
      }
      return paragraph;
    });
    head.setAttribute("role", "presentation");
    article.replaceChildren(head, ...body);
    article.tabIndex = 0;
  }

  drawn(number, text) {
    const sentence = made("span", "s");
    sentence.dataset.sentence = number;
    sentence.tabIndex = -1;
    sentence.setAttribute("role", "option");
    sentence.append(made("span", "words", text));
    return sentence;
  }

  drawFrames() {
    this.get(".frames").replaceChildren(
      ...this.data.frames.map((frame, index) => {
        const item = made("li", "frame");
        item.dataset.frame = frame.id;
        item.style.setProperty("--colour", frame.colour);
        const toggle = made("button", "toggle");
        toggle.type = "button";
        const key = made("kbd", "", index < 9 ? String(index + 1) : "");
        key.hidden = index >= 9;
        const words = made("span", "names");
        words.append(made("span", "name", frame.name), made("span", "short", frame.short));
        toggle.append(key, words, made("span", "count"));
        const doubt = made("button", "doubt", "?");
        doubt.type = "button";
        doubt.title = `Can't decide: ${frame.name}`;
        doubt.setAttribute("aria-label", doubt.title);
        item.append(toggle, doubt, made("p", "question", frame.question));
        return item;
      }),
    );
  }

  drawBook() {
    const entries = this.data.frames.map((frame) => {
      const entry = made("details");
      entry.style.setProperty("--colour", frame.colour);
      const examples = frame.examples.flatMap(({ text, why }) => {
        const example = made("blockquote", "", text);
        if (why) example.append(made("footer", "", why));
        return [example];
      });
      entry.append(
        made("summary", "", frame.name),
        made("p", "definition", frame.definition),
        ...listed("Counts as this frame", frame.include),
        ...listed("Does not count", frame.exclude),
        ...(examples.length ? [made("h4", "", "Examples"), ...examples] : []),
      );
      return entry;
    });
    const { unit, borderline, rulings } = this.data.rules;
    if (unit || borderline.length || rulings.length) {
      const rules = made("details");
      rules.append(made("summary", "", "Rules for all frames"));
      if (unit) rules.append(made("p", "definition", unit));
      rules.append(...listed("Borderline", borderline), ...listed("Rulings", rulings));
      entries.push(rules);
    }
    this.get(".entries").replaceChildren(...entries);
  }

  drawMarks() {
    if (!this.marks) return;
    const { frames } = this.data;
    for (const frame of frames) {
      const item = this.get(`.frame[data-frame="${CSS.escape(frame.id)}"]`);
      const value = this.marks.frames[frame.id];
      const marked = this.marks.sentences[frame.id].size;
      item.classList.toggle("on", value === true);
      item.classList.toggle("unsure", value === null);
      item.classList.toggle("here", this.marks.sentences[frame.id].has(this.at));
      const toggle = item.querySelector(".toggle");
      toggle.setAttribute("aria-pressed", String(value === true));
      item.querySelector(".doubt").setAttribute("aria-pressed", String(value === null));
      item.querySelector(".count").textContent =
        value === null ? "can't decide" : !value ? "" : marked === 1 ? "1 sentence" : marked ? `${marked} sentences` : "whole piece";
    }
    for (const sentence of this.root.querySelectorAll(".s")) {
      const number = Number(sentence.dataset.sentence);
      const own = frames.filter((frame) => this.marks.sentences[frame.id].has(number));
      sentence.querySelectorAll(".tag").forEach((tag) => tag.remove());
      sentence.classList.toggle("marked", own.length > 0);
      sentence.style.setProperty("--mark", own[0]?.colour ?? "transparent");
      sentence.setAttribute("aria-selected", String(number === this.at));
      for (const frame of own) {
        const tag = made("span", "tag", frame.short);
        tag.style.setProperty("--colour", frame.colour);
        sentence.append(tag);
      }
    }
    const whole = this.get(".whole");
    const one = this.get(".one");
    whole.setAttribute("aria-pressed", String(this.at === null));
    one.setAttribute("aria-pressed", String(this.at !== null));
    one.disabled = this.at === null;
    one.textContent =
      this.at === null ? "no sentence" : this.at === 0 ? "headline" : `sentence ${this.at}`;
    this.get(".noting").setAttribute("aria-pressed", String(!this.get(".writing").hidden));
    this.get(".doubting").setAttribute("aria-pressed", String(this.asking));
    const ask = this.get(".ask");
    ask.hidden = !this.asking;
    ask.textContent = this.asking
      ? "Which frame can't you decide? Press its number or its ? button. Esc: none."
      : "";
    const commit = this.get(".commit");
    commit.disabled = this.leaving;
    this.get(".what").textContent = this.leaving ? "Committing…" : `Commit: ${this.summary()}`;
  }

  summary() {
    const names = (value) =>
      this.data.frames.filter((f) => this.marks.frames[f.id] === value).map((f) => f.short);
    const on = names(true);
    const unsure = names(null).map((name) => `${name}?`);
    return [...on, ...unsure].join(", ") || "none of the frames";
  }

  // --- acting

  changed(text) {
    this.drawMarks();
    this.say(text);
    this.act("draft");
  }

  act(kind) {
    if (this.leaving) return;
    this.clock();
    clearTimeout(this.noteTimer);
    this.leaving = kind !== "draft";
    this.marks.note = this.get("#note").value.trim();
    const marks = { ...plainMarks(this.marks), seconds: Math.round(this.seconds * 10) / 10 };
    this.messages.put({ kind, piece: this.task.piece, marks });
    if (this.leaving) this.drawMarks();
  }

  commit() {
    if (Date.now() - this.begun < TOO_SOON) return;
    this.act("commit");
  }

  noted(pause) {
    clearTimeout(this.noteTimer);
    if (this.leaving || this.get("#note").value.trim() === this.marks.note) return;
    this.tell("saving");
    this.noteTimer = setTimeout(() => this.act("draft"), pause);
  }

  sentence(number) {
    return number === null ? null : this.get(`.s[data-sentence="${number}"]`);
  }

  choose(number) {
    this.at = number;
    this.drawMarks();
    this.settle();
    this.sentence(number)?.scrollIntoView({ block: "nearest" });
  }

  move(by) {
    const numbers = [...this.root.querySelectorAll(".s")].map((s) => Number(s.dataset.sentence));
    const now = numbers.indexOf(this.at);
    const next = now < 0 ? (by > 0 ? 0 : numbers.length - 1) : now + by;
    if (next >= 0 && next < numbers.length) this.choose(numbers[next]);
  }

  // By a sentence when one is chosen, for the whole piece otherwise.
  setFrame(frame, whole) {
    if (!frame) return;
    if (this.asking) return this.setDoubt(frame);
    if (whole || this.at === null) {
      const on = togglePiece(this.marks, frame.id);
      this.changed(`${frame.name} ${on ? "set for" : "off"} the whole piece`);
    } else {
      const on = toggleSentence(this.marks, frame.id, this.at);
      this.changed(`${frame.name} ${on ? "marked in" : "taken from"} this sentence`);
    }
  }

  setDoubt(frame) {
    this.asking = false;
    const on = toggleDoubt(this.marks, frame.id);
    this.changed(`${frame.name}: ${on ? "can't decide" : "no"}`);
  }

  ask(on) {
    this.asking = on;
    this.drawMarks();
  }

  note(open) {
    const place = this.get(".writing");
    place.hidden = !open;
    this.drawMarks();
    if (open) this.get("#note").focus();
    else this.settle();
  }

  read(open = !this.get(".desk").classList.contains("reading")) {
    this.get(".desk").classList.toggle("reading", open);
    this.get(".reading").setAttribute("aria-expanded", String(open));
    this.get(".entries").querySelectorAll("details").forEach((entry) => {
      entry.open = open;
    });
    if (open) this.get(".codebook").scrollTop = 0;
  }

  click(event) {
    const hit = (selector) => event.target.closest(selector);
    const frame = this.data.frames.find((f) => f.id === hit(".frame")?.dataset.frame);
    const sentence = hit(".s");
    if (sentence) {
      // Words that are being selected are no click.
      if (!String(this.root.getSelection?.() ?? getSelection())) {
        const number = Number(sentence.dataset.sentence);
        this.choose(number === this.at ? null : number);
      }
    } else if (hit(".toggle")) this.setFrame(frame, event.shiftKey);
    else if (hit(".doubt")) this.setDoubt(frame);
    else if (hit(".commit")) this.commit();
    else if (hit(".undo")) this.act("undo");
    else if (hit(".doubting")) this.ask(!this.asking);
    else if (hit(".noting")) return this.note(this.get(".writing").hidden);
    else if (hit(".reading")) this.read();
    else if (hit(".shut")) this.read(false);
    else if (hit(".whole")) this.choose(null);
    else if (hit(".helping")) return this.get(".help").showModal();
    else if (hit(".done") || event.target === this.get(".help")) return this.get(".help").close();
    else return;
    // After the mouse, Enter is for the piece, not for the button that was clicked.
    if (event.detail > 0) this.settle();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.composedPath()[0];
    const inside = event.composedPath().includes(this.root);
    if (document.querySelector(MODAL) || this.get(".desk").hidden) return;
    if (this.get(".help").open) {
      if (event.key === "?") this.done(event, () => this.get(".help").close());
      return;
    }
    if (target === this.get("#note")) {
      const ends = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
      if (ends) this.done(event, () => this.settle());
      else event.stopPropagation();
      return;
    }
    if (target.matches?.(TYPING) || (!inside && target.matches?.(PRESSING))) return;
    const pressing = target.matches?.(PRESSING);
    if (pressing && (event.key === "Enter" || event.key === " ")) return;
    const action = this.action(event);
    if (action) this.done(event, event.repeat && !action.again ? () => {} : action);
  }

  done(event, action) {
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  action(event) {
    const digit = DIGIT.exec(event.code)?.[1] ?? (/^[0-9]$/.test(event.key) ? event.key : null);
    if (digit === "0") return () => this.ask(!this.asking);
    if (digit) {
      const frame = this.data.frames[Number(digit) - 1];
      return () => this.setFrame(frame, event.shiftKey);
    }
    const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in moves) {
      const move = () => this.move(moves[key]);
      move.again = true;
      return move;
    }
    const actions = {
      Enter: () => this.commit(),
      Escape: () => (this.asking ? this.ask(false) : this.choose(null)),
      n: () => this.note(true),
      u: () => !this.get(".undo").disabled && this.act("undo"),
      c: () => this.read(),
      "?": () => this.get(".help").showModal(),
    };
    return actions[key];
  }
}

const desks = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let desk = desks.get(parentElement);
  if (!desk) {
    desk = new Desk(parentElement);
    desks.set(parentElement, desk);
  }
  desk.take(data, setTriggerValue);
  return () => desk.close();
}
