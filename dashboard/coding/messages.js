// Messages to the server, one at a time: the next goes out when the last was answered. The server
// knows each by its id, so that one sent twice counts once.

const PATIENCE = 5000;

class Messages {
  constructor(onState) {
    this.onState = onState;
    this.name = Math.random().toString(36).slice(2, 10);
    this.count = 0;
    this.sent = null;
    this.waiting = null;
    this.timer = 0;
    this.post = () => {};
  }

  // A draft that still waits gives way: each message holds all that is marked.
  put(message) {
    this.waiting = { id: `${this.name}-${++this.count}`, ...message };
    this.onState("saving");
    this.flush();
  }

  flush() {
    if (this.sent || !this.waiting) return;
    this.sent = this.waiting;
    this.waiting = null;
    this.deliver();
  }

  deliver() {
    this.post(this.sent);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.onState("late");
      this.deliver();
    }, PATIENCE);
  }

  answered(id) {
    if (!this.sent || this.sent.id !== id) return;
    clearTimeout(this.timer);
    this.sent = null;
    if (this.waiting) this.flush();
    else this.onState("saved");
  }

  close() {
    clearTimeout(this.timer);
  }
}
