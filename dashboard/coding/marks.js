// What a coder has said of one piece. A frame is true (carried), false (not) or null (can't decide);
// a marked sentence always means true. `whole` holds frames set for the piece, not by a sentence.

function marksOf(frames, draft) {
  const marks = { frames: {}, sentences: {}, whole: new Set(), note: draft?.note ?? "" };
  for (const { id } of frames) {
    const said = draft?.frames?.[id];
    marks.sentences[id] = new Set(draft?.sentences?.[id] ?? []);
    marks.frames[id] = said === undefined ? false : said;
    if (said === true && !marks.sentences[id].size) marks.whole.add(id);
  }
  return marks;
}

function toggleSentence(marks, frame, sentence) {
  const own = marks.sentences[frame];
  if (own.delete(sentence)) {
    if (!own.size && !marks.whole.has(frame)) marks.frames[frame] = false;
    return false;
  }
  own.add(sentence);
  marks.frames[frame] = true;
  return true;
}

function togglePiece(marks, frame) {
  const on = marks.frames[frame] !== true;
  marks.frames[frame] = on;
  marks.sentences[frame].clear();
  if (on) marks.whole.add(frame);
  else marks.whole.delete(frame);
  return on;
}

function toggleDoubt(marks, frame) {
  const on = marks.frames[frame] !== null;
  marks.frames[frame] = on ? null : false;
  marks.sentences[frame].clear();
  marks.whole.delete(frame);
  return on;
}

// Fit for a message; sentences only of frames that have some.
function plainMarks(marks) {
  const sentences = {};
  for (const [frame, own] of Object.entries(marks.sentences)) {
    if (own.size) sentences[frame] = [...own].sort((a, b) => a - b);
  }
  return { frames: { ...marks.frames }, sentences, note: marks.note };
}
