"""PNG and SVG of a chart, made in the reader's browser from what is drawn there."""

from __future__ import annotations

import streamlit as st

HTML = """
<div class="images">
  <button type="button" data-kind="png" title="Save the chart as a picture, twice the screen's size">PNG</button>
  <button type="button" data-kind="svg" title="Save the chart as a drawing that can be edited">SVG</button>
</div>
"""

CSS = """
.images { display: flex; gap: 0.5rem; }
button {
  font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  padding: 0.25rem 0.75rem; min-height: 2.5rem;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""

# The drawing is rebuilt from its layers with title and foot, so that a figure that is passed on
# still says what it counts and how far it can be trusted.
JS = """
const SPACE = "http://www.w3.org/2000/svg";

const FAMILY = "Source Sans";

// A picture is drawn apart from the page, so the page's font has to travel inside it.
async function fontFace() {
  for (const sheet of document.styleSheets) {
    let rules;
    try { rules = sheet.cssRules; } catch (error) { continue; }  // another origin's sheet
    for (const rule of rules) {
      if (!(rule instanceof CSSFontFaceRule)) continue;
      if (!rule.style.getPropertyValue("font-family").includes(FAMILY)) continue;
      if (rule.style.getPropertyValue("font-style") === "italic") continue;
      const found = /url\\("?([^")]+)"?\\)/.exec(rule.style.getPropertyValue("src"));
      if (!found) continue;
      const answer = await fetch(new URL(found[1], sheet.href || location.href));
      if (!answer.ok) continue;
      const bytes = new Uint8Array(await answer.arrayBuffer());
      let text = "";
      for (let i = 0; i < bytes.length; i += 32768) {
        text += String.fromCharCode(...bytes.subarray(i, i + 32768));
      }
      return `@font-face { font-family: "${FAMILY}"; font-weight: 200 900; `
        + `src: url(data:font/woff2;base64,${btoa(text)}); }`;
    }
  }
  return "";
}

function wrapped(text, width) {
  const lines = []; let line = "";
  for (const word of text.split(/\\s+/)) {
    if ((line + " " + word).trim().length > width) { lines.push(line); line = word; }
    else line = (line + " " + word).trim();
  }
  if (line) lines.push(line);
  return lines;
}

function label(root, text, x, y, size, weight, colour) {
  const node = document.createElementNS(SPACE, "text");
  node.setAttribute("x", x); node.setAttribute("y", y);
  node.setAttribute("style", `font: ${weight} ${size}px "${FAMILY}", sans-serif; fill: ${colour}`);
  node.textContent = text;
  root.appendChild(node);
}

function drawing(chart, title, foot, face) {
  const style = getComputedStyle(chart);
  const page = getComputedStyle(document.querySelector(".stApp") || document.body);
  const layers = [...chart.querySelectorAll("svg.main-svg")];
  const width = layers[0].width.baseVal.value, height = layers[0].height.baseVal.value;
  const lines = wrapped(foot, Math.floor(width / 6.4));
  const top = 44, bottom = 18 + 16 * lines.length;
  const root = document.createElementNS(SPACE, "svg");
  root.setAttribute("xmlns", SPACE);
  root.setAttribute("width", width); root.setAttribute("height", height + top + bottom);
  root.setAttribute("viewBox", `0 0 ${width} ${height + top + bottom}`);
  if (face) {
    const style = document.createElementNS(SPACE, "style");
    style.textContent = face;
    root.appendChild(style);
  }
  const ground = document.createElementNS(SPACE, "rect");
  ground.setAttribute("width", "100%"); ground.setAttribute("height", "100%");
  ground.setAttribute("fill", page.backgroundColor);
  root.appendChild(ground);
  label(root, title, 12, 28, 18, 600, page.color);
  for (const layer of layers) {
    const copy = layer.cloneNode(true);
    copy.setAttribute("x", 0); copy.setAttribute("y", top);
    copy.setAttribute("font-family", style.fontFamily.replaceAll('"', "'"));
    copy.style.background = "transparent";
    root.appendChild(copy);
  }
  lines.forEach((line, i) => label(root, line, 12, height + top + 16 + 16 * i, 12, 400, page.color));
  return { text: new XMLSerializer().serializeToString(root), width, height: height + top + bottom };
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob); link.download = name;
  document.body.appendChild(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export default function ({ parentElement, data }) {
  const clicked = async (event) => {
    const kind = event.currentTarget.dataset.kind;  // read before the first await
    const chart = document.querySelector(`.st-key-${CSS.escape(data.chart)} .js-plotly-plot`);
    if (!chart) return;
    const made = drawing(chart, data.title, data.foot, await fontFace());
    const vector = new Blob([made.text], { type: "image/svg+xml;charset=utf-8" });
    if (kind === "svg") return save(vector, data.chart + ".svg");
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = made.width * 2; canvas.height = made.height * 2;
      const pen = canvas.getContext("2d");
      pen.scale(2, 2); pen.drawImage(picture, 0, 0);
      canvas.toBlob((blob) => save(blob, data.chart + ".png"), "image/png");
    };
    picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(made.text);
  };
  const buttons = [...parentElement.querySelectorAll("button")];
  buttons.forEach((button) => { button.onclick = clicked; });
}
"""

_component = st.components.v2.component("framescope_images", html=HTML, css=CSS, js=JS)


def image_buttons(chart_key: str, title: str, foot: str) -> None:
    """Two buttons that save the chart of that key, with its title and its denominator line."""
    _component(
        data={"chart": chart_key, "title": title, "foot": foot},
        key=f"images-{chart_key}",
        height="content",
        width="content",
    )
