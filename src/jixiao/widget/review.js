// The review widget: draws a report and its mentions, and tells the kernel what the reviewer decides.
// Words of a report only ever become text nodes and attribute values, never markup.

const LAYERS = { quantity: "数量", entity: "名称", claim: "成果" };
const VERDICTS = {
  correct: "正确", wrong: "错误", doubtful: "存疑", changed: "已改", added: "新增", deleted: "已删",
};
const SIGNS = { correct: "✓", wrong: "✗", doubtful: "?", changed: "✎", added: "+", deleted: "⌫" };
const STATES = [
  ["", "全部"], ["open", "未看"], ["correct", "正确"], ["wrong", "错误"], ["doubtful", "存疑"],
  ["changed", "已改"], ["added", "新增"], ["deleted", "已删"],
];
const KEYS = [
  ["j / k", "下一处 / 上一处（↓ ↑ 亦可）"], ["Space", "下一处未看的"], ["a", "正确，并到下一处"],
  ["x", "错误，并到下一处"], ["q", "存疑，并到下一处"], ["e", "修改各栏（Enter 存，Esc 弃）"],
  ["1 … 9", "改归第几个候选指标；0 不归任何指标"], ["n", "新增：先在原文中选字；不选则按字查找"],
  ["d", "删除"], ["c", "写意见"], ["r", "收回这一处的决定"], ["u / U", "撤销 / 重做（Ctrl+Z / Ctrl+Y）"],
  ["A", "列表中未看的全部正确（一步可撤销）"], ["/", "检索"], ["f", "清除筛选"], ["[ / ]", "上一份 / 下一份报告"],
  ["s", "保存（Ctrl+S）"], ["z", "全屏"], ["?", "本表"],
];
const ROW = 46;
const SPARE = 6;
// What moves a cursor or turns the direction of writing; one for one, so that no offset moves.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const clean = (text) => text.replace(UNSEEN, (one) => ("\t\n\r".includes(one) ? " " : "\u200b"));
const line = (text) => clean(String(text)).replace(/\s+/g, " ").trim();
let views = 0;

function h(tag, given, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}

// The offsets of records are code points, those of the page are UTF-16 units.
class Offsets {
  constructor(text) {
    this.astral = []; // the code points that take two units, by their own offset
    let point = 0;
    for (let unit = 0; unit < text.length; unit++, point++) {
      const code = text.charCodeAt(unit);
      if (code >= 0xd800 && code < 0xdc00) { this.astral.push(point); unit++; }
    }
  }
  before(limit, shift) {
    let low = 0, high = this.astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.astral[middle] + (shift ? middle : 0) < limit) low = middle + 1; else high = middle;
    }
    return low;
  }
  unit(point) { return point + this.before(point, false); }
  point(unit) { return unit - this.before(unit, true); }
}

class View {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.name = `v${++views}-${Math.random().toString(36).slice(2)}`;
    this.asked = new Map();
    this.count = 0;
    this.doc = null;
    this.mentions = new Map();
    this.order = [];
    this.shown = [];
    this.visible = new Set();
    this.current = null;
    this.form = null;
    this.filters = { layer: "", label: "", state: "", indicator: "", most: 1, words: "" };
    this.stops = [];
    this.build();
    this.theme();
    this.listen();
    this.waiting = setTimeout(() => this.say("等待内核……请运行这一格；没有内核时不能复核。", "warn"), 5000);
    this.ask({ do: "open" });
  }

  // -- messages -----------------------------------------------------------------------------------

  ask(message) {
    const id = `${this.name}-${++this.count}`;
    this.model.send({ ...message, id });
    setTimeout(() => { if (this.asked.has(id)) this.say("内核没有回答；它还在运行吗？", "bad"); }, 20000);
    return new Promise((done) => this.asked.set(id, done));
  }

  async hear(told, buffers) {
    const done = this.asked.get(told.re);
    this.asked.delete(told.re);
    let reply = told;
    if (buffers?.length) {
      const stream = new Blob([buffers[0]]).stream().pipeThrough(new DecompressionStream("gzip"));
      reply = { ...(await new Response(stream).json()), ...told };
    }
    if (reply.kind === "document") this.open(reply);
    else if (reply.kind === "patch") this.patch(reply, done !== undefined);
    else if (reply.kind === "saved") this.saved(reply);
    else if (reply.kind === "error" && done && !this.form) this.say(`${reply.error}: ${reply.message}`, "bad");
    done?.(reply);
  }

  listen() {
    // One after another: what is packed takes a moment, and must not come in behind what followed it.
    let last = Promise.resolve();
    const hear = (reply, buffers) => { last = last.then(() => this.hear(reply, buffers)); };
    this.model.on("msg:custom", hear);
    this.stops.push(() => this.model.off("msg:custom", hear));
    const tall = () => { this.root.style.height = `${this.model.get("height")}px`; };
    tall();
    this.model.on("change:height", tall);
    this.stops.push(() => this.model.off("change:height", tall), () => clearTimeout(this.waiting));
    this.root.addEventListener("keydown", (event) => this.key(event));
    const sized = new ResizeObserver(() => this.drawList());
    sized.observe(this.list);
    this.stops.push(() => sized.disconnect());
  }

  // The colours follow the notebook where it tells them, else the system.
  theme() {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const told = () => {
      const { body, documentElement: page } = document;
      const lab = body.dataset.jpThemeLight;
      const code = body.dataset.vscodeThemeKind || "";
      const other = page.dataset.theme || page.getAttribute("theme");
      const dark = lab ? lab === "false" : code ? /dark|high-contrast$/.test(code)
        : other ? other === "dark" : system.matches;
      this.root.toggleAttribute("data-dark", dark);
    };
    told();
    const seen = new MutationObserver(told);
    seen.observe(document.body, { attributes: true });
    seen.observe(document.documentElement, { attributes: true });
    system.addEventListener("change", told);
    this.stops.push(() => { seen.disconnect(); system.removeEventListener("change", told); });
  }

  stop() { for (const each of this.stops) each(); }

  // -- the frame ----------------------------------------------------------------------------------

  build() {
    const press = (key) => () => { this.run(key); };
    this.title = h("b", { class: "jx-title" });
    this.about = h("span", { class: "jx-dim jx-about" });
    this.documents = h("select", {
      class: "jx-documents", "aria-label": "报告", title: "[ ] 换一份报告", hidden: true,
      onchange: () => this.openDocument(this.documents.value),
    });
    this.progress = h("progress", { max: 1, value: 0, "aria-label": "进度" });
    this.done = h("span", { class: "jx-dim jx-n" });
    this.unfit = h("button", { class: "jx-unfit", hidden: true, onclick: () => this.showUnfit() });
    this.reviewer = h("input", {
      class: "jx-reviewer", placeholder: "复核人", "aria-label": "复核人", size: 6, spellcheck: "false",
      onchange: () => this.ask({ do: "reviewer", name: this.reviewer.value }),
    });
    this.save = h("button", { class: "jx-save", title: "保存（s）", onclick: press("s") }, "保存");
    this.text = h("section", { class: "jx-text", tabindex: 0, role: "document", "aria-label": "原文" });
    this.list = h("div", {
      class: "jx-list", tabindex: 0, role: "listbox", "aria-label": "提及", onscroll: () => this.scrolled(),
    });
    this.rows = h("div", { class: "jx-rows", role: "presentation" });
    this.list.append(this.rows);
    this.counted = h("span", { class: "jx-dim jx-n", role: "status" });
    this.detail = h("section", { class: "jx-detail", "aria-label": "详情" });
    this.message = h("div", { class: "jx-say", role: "status", "aria-live": "polite", hidden: true });
    this.over = h("div", { class: "jx-over", hidden: true });
    const action = (key, word, kind) => h(
      "button", { class: `jx-act ${kind}`, "data-key": key, title: `${word}（${key}）`, "aria-label": word, onclick: press(key) },
      h("kbd", {}, key), h("span", {}, ` ${word}`),
    );
    this.actions = h("div", { class: "jx-actions", role: "toolbar", "aria-label": "决定" },
      action("a", "正确", "good"), action("x", "错误", "bad"), action("q", "存疑", "maybe"),
      action("e", "修改", ""), action("d", "删除", ""), action("c", "意见", ""), action("n", "新增", ""),
      h("span", { class: "jx-space" }), action("u", "撤销", "quiet"), action("U", "重做", "quiet"));
    this.root.append(
      h("header", { class: "jx-head" },
        h("div", { class: "jx-name" }, this.title, this.documents, this.about),
        h("div", { class: "jx-tools" }, this.unfit, this.progress, this.done, this.reviewer, this.save,
          h("button", { class: "jx-icon", title: "全屏（z）", "aria-label": "全屏", onclick: press("z") }, h("i", { class: "jx-corners" })),
          h("button", { class: "jx-icon", title: "按键（?）", "aria-label": "按键", onclick: press("?") }, "?"))),
      h("div", { class: "jx-body" }, this.text,
        h("aside", { class: "jx-side" }, this.buildFilters(), this.list, this.detail, this.actions)),
      this.message, this.over,
    );
    this.text.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-id]");
      if (row) { this.go(row.dataset.id); this.list.focus({ preventScroll: true }); }
    });
  }

  buildFilters() {
    const set = (name) => (event) => { this.filters[name] = event.target.value; this.refilter(); };
    this.layers = h("div", { class: "jx-layers", role: "radiogroup", "aria-label": "种类" },
      [["", "全部"], ...Object.entries(LAYERS)].map(([layer, word]) => h("button", {
        role: "radio", "data-layer": layer, "aria-checked": String(layer === ""),
        onclick: () => { this.filters.layer = layer; this.filters.label = ""; this.drawLabels(); this.refilter(); },
      }, word, " ", h("b", {}))));
    this.words = h("input", {
      type: "search", placeholder: "检索（/）", "aria-label": "检索",
      oninput: () => { this.filters.words = this.words.value; this.refilter(); },
    });
    this.states = h("select", { "aria-label": "结论", onchange: set("state") },
      STATES.map(([code, word]) => h("option", { value: code }, code ? word : "结论：全部")));
    this.labels = h("select", { "aria-label": "类别", onchange: set("label") });
    const known = `${this.name}-indicators`;
    this.known = h("datalist", { id: known });
    this.indicator = h("input", {
      list: known, placeholder: "指标", "aria-label": "按指标筛选", class: "jx-by-indicator", oninput: set("indicator"),
    });
    this.most = h("input", {
      type: "range", min: 0, max: 1, step: 0.05, value: 1, "aria-label": "置信度不高于",
      oninput: () => {
        this.filters.most = Number(this.most.value);
        this.told.textContent = `≤ ${this.filters.most.toFixed(2)}`;
        this.refilter();
      },
    });
    this.told = h("span", { class: "jx-n" }, "≤ 1.00");
    return h("div", { class: "jx-filters", role: "search", "aria-label": "筛选" },
      h("div", {}, this.layers, this.counted),
      h("div", {}, this.words, this.states, this.labels, this.indicator, this.known,
        h("label", { class: "jx-most", title: "置信度不高于" }, h("span", { class: "jx-dim" }, "置信度"), this.most, this.told)));
  }

  drawLabels() {
    const layers = this.filters.layer ? [this.filters.layer] : Object.keys(LAYERS);
    this.labels.replaceChildren(h("option", { value: "" }, "类别：全部"), ...layers.map((layer) => h(
      "optgroup", { label: LAYERS[layer] },
      this.labelsOf(layer).map(([code, word]) => h("option", { value: code }, word)))));
    this.labels.value = this.filters.label;
  }

  labelsOf(layer) { return this.doc.fields[layer].find((one) => one.name === this.labelField(layer)).choices; }
  labelField(layer) { return layer === "claim" ? "kind" : "label"; }
  wordOf(mention) { return this.labelWords[mention.label] || mention.label; }
  indicatorName(id) { return this.doc.indicators[id] || id; }

  // -- a document ---------------------------------------------------------------------------------

  open(doc) {
    clearTimeout(this.waiting);
    this.hush();
    this.doc = doc;
    this.offsets = new Offsets(doc.text);
    this.labelWords = Object.fromEntries(Object.keys(LAYERS).flatMap((layer) => this.labelsOf(layer)));
    this.mentions = new Map(doc.mentions.map((one) => [one.id, this.placed(one)]));
    this.sort();
    this.title.textContent = line(doc.title);
    this.about.textContent = doc.about.map(line).join(" · ");
    this.documents.hidden = doc.documents.length < 2;
    this.documents.replaceChildren(...doc.documents.map(([id, decided]) => h(
      "option", { value: id }, `${line(id)}${decided ? ` · ${decided}` : ""}`)));
    this.documents.value = doc.document;
    this.known.replaceChildren(...Object.entries(doc.indicators).map(([id, name]) => h("option", { value: name }, id)));
    this.drawLabels();
    this.drawText();
    this.state(doc);
    this.current = null;
    this.closeForm(false);
    this.refilter();
    const first = this.shown.find((id) => !this.mentions.get(id).verdict) || this.shown[0];
    if (first) this.go(first); else this.drawDetail();
  }

  placed(mention) {
    mention.from = this.offsets.unit(mention.start);
    mention.to = this.offsets.unit(mention.end);
    mention.words = line([
      mention.fields.text, mention.value || "", mention.label, this.labelWords[mention.label],
      ...Object.values(mention.fields), mention.fields.indicator ? this.indicatorName(mention.fields.indicator) : "",
      ...mention.section, mention.note || "", mention.id,
    ].join(" ")).toLowerCase();
    return mention;
  }

  sort() {
    const rank = Object.keys(LAYERS);
    this.order = [...this.mentions.values()].sort((a, b) =>
      a.start - b.start || b.end - a.end || rank.indexOf(a.layer) - rank.indexOf(b.layer)).map((one) => one.id);
    this.rank = new Map(this.order.map((id, index) => [id, index]));
  }

  patch(reply, own) {
    if (!this.doc) return;
    const spans = [];
    let moved = false;
    for (const id of reply.removed) {
      const old = this.mentions.get(id);
      if (!old) continue;
      spans.push([old.from, old.to]);
      this.mentions.delete(id);
      moved = true;
    }
    for (const one of reply.changed) {
      const old = this.mentions.get(one.id);
      this.mentions.set(one.id, this.placed(one));
      if (old && old.from === one.from && old.to === one.to) continue;
      if (old) spans.push([old.from, old.to]);
      spans.push([one.from, one.to]);
      moved = true;
    }
    if (moved) { this.sort(); this.redraw(spans); }
    this.state(reply);
    this.refilter();
    if (own && reply.select && this.mentions.has(reply.select)) this.go(reply.select);
    else if (!this.mentions.has(this.current)) this.go(this.shown[0] || null);
    else this.drawDetail();
  }

  state(told) {
    this.actions.querySelector("[data-key=u]").disabled = !told.undo;
    this.actions.querySelector("[data-key=U]").disabled = !told.redo;
    this.root.toggleAttribute("data-unsaved", told.unsaved);
    this.save.textContent = told.unsaved ? "保存 ●" : "已存";
    this.save.disabled = !told.unsaved;
    this.save.title = `保存到 ${this.doc.out}（s）`;
    if (document.activeElement !== this.reviewer) this.reviewer.value = told.reviewer || "";
    this.left = told.unfit;
    this.unfit.hidden = !told.unfit.length;
    this.unfit.textContent = `${told.unfit.length} 条旧决定不再适用`;
    const decided = this.order.filter((id) => this.mentions.get(id).verdict).length;
    this.progress.max = Math.max(this.order.length, 1);
    this.progress.value = decided;
    this.done.textContent = `${decided} / ${this.order.length}`;
  }

  saved(reply) {
    this.state(reply);
    const counts = Object.entries(reply.decisions).map(([verdict, count]) => `${VERDICTS[verdict]} ${count}`);
    this.say(`已存入 ${reply.folder}：${counts.join(" · ")}${reply.notes.map((one) => `\n${line(one)}`).join("")}`, "good");
  }

  openDocument(id) {
    if (id && id !== this.doc.document) this.ask({ do: "open", document: id });
  }

  // -- the text -----------------------------------------------------------------------------------

  drawText() {
    this.blocks = [];
    this.pieces = new Map();
    const block = (element, [start, end]) => {
      const made = { element, from: this.offsets.unit(start), to: this.offsets.unit(end) };
      element.dataset.b = this.blocks.length;
      this.blocks.push(made);
      return element;
    };
    const parts = this.doc.parts.map((part) => {
      if (!part.rows) return block(document.createElement(part.level ? `h${part.level + 2}` : "p"), part.at);
      const rows = part.rows.map((row) => h("tr", {}, row.flatMap((cell) => [
        ...Array.from({ length: cell.skip || 0 }, () => document.createElement("td")),
        block(h("td", { colspan: cell.span }), cell.at),
      ])));
      return h("div", { class: "jx-scroll" }, h("table", {}, h("tbody", {}, rows)));
    });
    const order = this.order.map((id) => this.mentions.get(id));
    let next = 0, open = [];
    for (const each of this.blocks) {
      const first = next;
      while (next < order.length && order[next].from < each.to) next++;
      const here = [...open, ...order.slice(first, next)].filter((one) => one.to > each.from);
      open = here.filter((one) => one.to > each.to);
      this.fill(each, here);
    }
    this.text.replaceChildren(...parts);
    this.text.scrollTop = 0;
  }

  // Cuts a block at the edges of its mentions, so that every character stands in one element.
  fill(block, mentions) {
    const { from, to } = block;
    const edges = new Set([from, to]);
    for (const one of mentions) { edges.add(Math.max(one.from, from)); edges.add(Math.min(one.to, to)); }
    const places = [...edges].sort((a, b) => a - b);
    const made = [];
    for (let index = 0; index + 1 < places.length; index++) {
      const [low, high] = [places[index], places[index + 1]];
      const over = mentions.filter((one) => one.from <= low && one.to >= high)
        .sort((a, b) => a.to - a.from - (b.to - b.from));
      const words = clean(this.doc.text.slice(low, high));
      if (!over.length) { made.push(words); continue; }
      const piece = document.createElement("mark");
      piece.textContent = words;
      piece.ids = over.map((one) => one.id);
      for (const id of piece.ids) {
        if (!this.pieces.has(id)) this.pieces.set(id, new Set());
        this.pieces.get(id).add(piece);
      }
      made.push(piece);
    }
    block.element.replaceChildren(...made);
  }

  // Draws the blocks anew in which mentions came, went or moved; all others stay.
  redraw(spans) {
    const touched = new Set();
    for (const [from, to] of spans) {
      for (let index = this.blockAt(from); index < this.blocks.length && this.blocks[index].from < to; index++) {
        if (this.blocks[index].to > from) touched.add(this.blocks[index]);
      }
    }
    for (const block of touched) {
      for (const piece of block.element.querySelectorAll("mark")) {
        for (const id of piece.ids) this.pieces.get(id)?.delete(piece);
      }
      const here = [...this.mentions.values()].filter((one) => one.from < block.to && one.to > block.from);
      this.fill(block, here);
      for (const piece of block.element.querySelectorAll("mark")) this.paint(piece);
    }
  }

  blockAt(unit) {
    let low = 0, high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.blocks[middle].to <= unit) low = middle + 1; else high = middle;
    }
    return low;
  }

  paint(piece) {
    const classes = [];
    for (const id of piece.ids) {
      const one = this.mentions.get(id);
      if (!one || (!this.visible.has(id) && id !== this.current)) continue;
      const layer = one.layer[0];
      const gone = one.verdict === "wrong" || one.verdict === "deleted";
      if (!gone) classes.push(layer, layer === "q" ? one.label : "");
      if (one.verdict) classes.push(`${layer}-${gone ? "gone" : one.verdict}`);
      if (id === this.current) classes.push("on");
    }
    const name = classes.filter(Boolean).join(" ");
    if (piece.className !== name) piece.className = name;
  }

  paintMention(id) { for (const piece of this.pieces.get(id) || []) this.paint(piece); }

  // The range of a place in the text, for showing it before it is a mention.
  rangeOf(from, to) {
    const at = (unit, end) => {
      const block = this.blocks[Math.min(this.blockAt(end ? unit - 1 : unit), this.blocks.length - 1)];
      if (!block) return null;
      let left = Math.max(0, Math.min(unit, block.to) - block.from);
      const walker = document.createTreeWalker(block.element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(), last = null; ; last = node, node = walker.nextNode()) {
        if (!node) return last && [last, last.length];
        if (left <= node.length) return [node, left];
        left -= node.length;
      }
    };
    const [first, last] = [at(from, false), at(to, true)];
    if (!first || !last) return null;
    const range = document.createRange();
    range.setStart(...first);
    range.setEnd(...last);
    return range;
  }

  point(range) {
    if (!globalThis.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("jx-new");
    if (range) CSS.highlights.set("jx-new", new Highlight(range));
  }

  // What is selected in the text, in code points; null if nothing of it is.
  selected() {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return null;
    const range = chosen.getRangeAt(0);
    if (!this.text.contains(range.startContainer) || !this.text.contains(range.endContainer)) return null;
    const place = (node, offset) => {
      const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-b]");
      if (!element) return null;
      const before = document.createRange();
      before.setStart(element, 0);
      before.setEnd(node, offset);
      return this.blocks[element.dataset.b].from + before.toString().length;
    };
    const from = place(range.startContainer, range.startOffset);
    let to = place(range.endContainer, range.endOffset);
    // A triple click ends at the start of the next paragraph.
    if (from !== null && (to === null || range.endOffset === 0)) {
      const block = this.blocks[this.blockAt(from)];
      to = to === null || to > block.to ? block.to : to;
    }
    if (from === null || to === null || to <= from) return null;
    return { start: this.offsets.point(from), end: this.offsets.point(to) };
  }

  clicked(event) {
    const piece = event.target.closest("mark");
    if (!piece || this.form || !document.getSelection().isCollapsed) return;
    const ids = piece.ids.filter((id) => this.visible.has(id));
    // The innermost; a second click means the one around it.
    const id = ids[(ids.indexOf(this.current) + 1) % ids.length];
    if (id) this.go(id, false);
  }

  // -- the list -----------------------------------------------------------------------------------

  matches(one) {
    const { layer, label, state, most } = this.filters;
    if (layer && one.layer !== layer) return false;
    if (label && one.label !== label) return false;
    if (state && (state === "open" ? one.verdict : one.verdict !== state)) return false;
    if (most < 1 && !(one.confidence !== null && one.confidence <= most)) return false;
    if (this.asIndicator) {
      const id = one.fields.indicator;
      if (!id || !`${id} ${this.indicatorName(id)}`.toLowerCase().includes(this.asIndicator)) return false;
    }
    return this.asWords.every((word) => one.words.includes(word));
  }

  refilter() {
    this.asIndicator = this.filters.indicator.trim().toLowerCase();
    this.asWords = this.filters.words.toLowerCase().split(/\s+/).filter(Boolean);
    this.shown = this.order.filter((id) => this.matches(this.mentions.get(id)));
    this.visible = new Set(this.shown);
    this.index = new Map(this.shown.map((id, index) => [id, index]));
    const counts = { "": this.order.length };
    for (const one of this.mentions.values()) counts[one.layer] = (counts[one.layer] || 0) + 1;
    for (const button of this.layers.children) {
      button.setAttribute("aria-checked", String(button.dataset.layer === this.filters.layer));
      button.lastChild.textContent = counts[button.dataset.layer] || 0;
    }
    const open = this.shown.filter((id) => !this.mentions.get(id).verdict).length;
    this.counted.textContent = `${this.shown.length} 条 · 未看 ${open}`;
    for (const pieces of this.pieces.values()) for (const piece of pieces) this.paint(piece);
    this.rows.style.height = `${this.shown.length * ROW}px`;
    this.reveal();
    this.drawList();
  }

  // Scrolls the list to the current mention.
  reveal() {
    const index = this.index.get(this.current);
    if (index === undefined) return;
    const top = index * ROW, { scrollTop, clientHeight } = this.list;
    if (top < scrollTop || top + ROW > scrollTop + clientHeight) {
      this.list.scrollTop = top - Math.max(0, (clientHeight - ROW) / 2);
    }
  }

  clearFilters() {
    Object.assign(this.filters, { layer: "", label: "", state: "", indicator: "", most: 1, words: "" });
    this.words.value = this.indicator.value = this.states.value = "";
    this.most.value = 1;
    this.told.textContent = "≤ 1.00";
    this.drawLabels();
    this.refilter();
  }

  scrolled() {
    if (this.scheduled) return;
    this.scheduled = requestAnimationFrame(() => { this.scheduled = 0; this.drawList(); });
  }

  // Only the rows that are seen are there.
  drawList() {
    if (!this.doc) return;
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW) - SPARE);
    const last = Math.min(this.shown.length, Math.ceil((this.list.scrollTop + this.list.clientHeight) / ROW) + SPARE);
    const rows = [];
    for (let index = first; index < last; index++) rows.push(this.row(this.mentions.get(this.shown[index]), index));
    if (!this.shown.length) rows.push(h("p", { class: "jx-none" }, this.order.length ? "没有符合筛选的（f 清除筛选）" : "没有提及"));
    this.rows.replaceChildren(...rows);
    const here = this.visible.has(this.current);
    if (here) this.list.setAttribute("aria-activedescendant", this.rowId(this.current));
    else this.list.removeAttribute("aria-activedescendant");
  }

  rowId(id) { return `${this.name}-row-${id}`; }

  row(one, index) {
    const { fields } = one;
    const what = fields.indicator ? this.indicatorName(fields.indicator)
      : fields.subject || fields.noun || fields.object || "";
    return h("div", {
      class: `jx-row ${one.verdict || "open"}${one.id === this.current ? " on" : ""}`, role: "option", id: this.rowId(one.id),
      "data-id": one.id, "aria-selected": String(one.id === this.current), "aria-setsize": this.shown.length,
      "aria-posinset": index + 1, style: `top:${index * ROW}px`,
    },
      h("span", { class: "jx-sign", "aria-label": VERDICTS[one.verdict] || "未看" }, SIGNS[one.verdict] || "·"),
      h("span", { class: "jx-what" },
        h("span", { class: "jx-first" },
          h("mark", { class: one.layer === "quantity" ? `q ${one.label}` : one.layer === "entity" ? "e" : "c" }, line(fields.text)),
          one.value ? h("span", { class: "jx-dim jx-n" }, one.value) : null),
        h("span", { class: "jx-second jx-dim" }, [this.wordOf(one), line(what), line(fields.period || "")].filter(Boolean).join(" · "))),
      one.confidence === null ? null : h("span", { class: "jx-n jx-conf", title: "置信度" }, one.confidence.toFixed(2)));
  }

  // -- moving -------------------------------------------------------------------------------------

  go(id, scrollText = true) {
    const before = this.current;
    this.current = id;
    if (before && before !== id) this.paintMention(before);
    if (!id) { this.drawList(); this.drawDetail(); return; }
    this.paintMention(id);
    this.reveal();
    this.drawList();
    if (scrollText) this.showInText(id);
    this.drawDetail();
  }

  // Scrolls the pane of the text only, never the notebook around it.
  showInText(id) {
    const [first] = this.pieces.get(id) || [];
    if (first) this.showBox(first.getBoundingClientRect());
  }

  showBox(box) {
    const pane = this.text.getBoundingClientRect();
    const margin = Math.min(80, pane.height / 5);
    if (box.top < pane.top + margin || box.bottom > pane.bottom - margin) {
      this.text.scrollTop += box.top - pane.top - pane.height * 0.38;
    }
  }

  // The place of the current mention among those shown, even where the filter left it out.
  near(step) {
    const index = this.index.get(this.current);
    if (index !== undefined) return index + step;
    const rank = this.rank.get(this.current) ?? -1;
    const after = this.shown.findIndex((id) => this.rank.get(id) > rank);
    if (after < 0) return step > 0 ? this.shown.length : this.shown.length - 1;
    return step > 0 ? after : after - 1;
  }

  step(by) {
    const id = this.shown[Math.min(Math.max(this.near(by), 0), this.shown.length - 1)];
    if (id) this.go(id);
  }

  nextOpen() {
    const from = this.near(1);
    const order = [...this.shown.slice(from), ...this.shown.slice(0, from)];
    const id = order.find((one) => one !== this.current && !this.mentions.get(one).verdict);
    if (id) this.go(id); else this.say("没有未看的了", "good");
  }

  // -- what was decided ---------------------------------------------------------------------------

  judge(verdict) {
    const one = this.mentions.get(this.current);
    if (!one) return;
    const next = this.shown[this.near(1)];
    this.ask({ do: "judge", names: [one.id], verdict });
    if (verdict && next) this.go(next);
  }

  judgeAll() {
    const names = this.shown.filter((id) => !this.mentions.get(id).verdict);
    if (!names.length) return;
    this.overlay("全部正确", [
      h("p", {}, `列表中未看的 ${names.length} 条都记为正确？可以一步撤销。`),
    ], () => this.ask({ do: "judge", names, verdict: "correct" }));
  }

  pick(number) {
    const one = this.mentions.get(this.current);
    if (!one || one.layer !== "quantity") return;
    const chosen = number === 0 ? [null] : (one.candidates || [])[number - 1];
    if (chosen) this.ask({ do: "correct", name: one.id, changes: { indicator: chosen[0] } });
  }

  // -- the details --------------------------------------------------------------------------------

  drawDetail() {
    if (this.form) return;
    const one = this.mentions.get(this.current);
    if (!one) { this.detail.replaceChildren(h("p", { class: "jx-none" }, "选一处提及；按 ? 看按键。")); return; }
    const rows = this.doc.fields[one.layer].filter(({ name }) => name !== "text" && name !== this.labelField(one.layer))
      .filter(({ name }) => one.fields[name] !== undefined || one.before?.[name] !== undefined);
    const facts = rows.flatMap((field) => {
      const now = this.worded(field, one.fields[field.name]);
      const before = one.before ? this.worded(field, one.before[field.name]) : now;
      return [h("dt", {}, field.title), h("dd", {
        tabindex: -1, title: "点此修改", onclick: () => this.edit(field.name), class: before === now ? "" : "jx-new",
      }, field.name === "value" ? h("b", {}, one.value) : now || "无",
        field.name === "value" && !one.value.replaceAll(",", "").includes(one.fields.value)
          ? h("span", { class: "jx-dim jx-n" }, ` ${one.fields.value}`) : null,
        before === now ? null : h("del", {}, before || "无"))];
    });
    const numbers = (one.numbers || []).map((id) => this.mentions.get(id)).filter(Boolean);
    this.detail.replaceChildren(
      h("div", { class: "jx-top" },
        h("span", { class: `jx-chip ${one.layer[0]} ${one.layer === "quantity" ? one.label : ""}` }, this.wordOf(one)),
        h("b", { class: "jx-what" }, line(one.fields.text)),
        one.before && one.before[this.labelField(one.layer)] !== one.label
          ? h("del", {}, this.labelWords[one.before[this.labelField(one.layer)]]) : null,
        h("span", { class: "jx-space" }),
        h("span", { class: `jx-verdict ${one.verdict || "open"}` }, SIGNS[one.verdict] || "", " ", VERDICTS[one.verdict] || "未看"),
        h("span", { class: "jx-dim jx-n" }, one.id)),
      h("blockquote", {}, ...this.quote(one)),
      h("dl", { class: "jx-facts" }, facts,
        numbers.length ? [h("dt", {}, "数值"), h("dd", {}, numbers.map((each) => h("button", {
          class: "jx-link", onclick: () => this.go(each.id),
        }, line(each.fields.text))))] : null,
        one.note ? [h("dt", {}, "意见"), h("dd", { class: "jx-note", onclick: () => this.comment() }, line(one.note))] : null),
      this.candidates(one) || "",
      this.grounds(one),
    );
    this.detail.scrollTop = 0;
  }

  worded(field, value) {
    if (value === undefined || value === null) return "";
    if (field.name === "indicator") return `${this.indicatorName(value)}`;
    const found = field.choices.find(([code]) => code === value);
    return found && found[1] !== found[0] ? `${found[1]}${field.name === "bound" ? ` ${value}` : ""}` : line(value);
  }

  quote(one) {
    const { text } = this.doc;
    let [from, to] = one.sentence ? one.sentence.map((at) => this.offsets.unit(at)) : [one.from, one.to];
    if (!one.sentence) {
      const block = this.blocks[this.blockAt(one.from)];
      if (block) [from, to] = [block.from, block.to];
    }
    const cut = (low, high, room) => (high - low <= room ? [low, ""] : [high - room, "…"]);
    const [start, dots] = cut(from, one.from, 90);
    const end = Math.min(to, one.to + 90);
    return [dots, clean(text.slice(start, one.from)),
      h("mark", { class: `on ${one.layer === "quantity" ? one.label : ""}` }, clean(text.slice(one.from, one.to))),
      clean(text.slice(one.to, Math.max(end, one.to))), end < to ? "…" : ""];
  }

  candidates(one) {
    if (!one.candidates?.length) return null;
    return h("div", { class: "jx-cands", role: "group", "aria-label": "候选指标" },
      one.candidates.slice(0, 9).map(([id, score], index) => h("button", {
        class: `jx-cand${id === one.fields.indicator ? " on" : ""}`, title: id, onclick: () => this.pick(index + 1),
        "aria-pressed": String(id === one.fields.indicator),
      }, h("kbd", {}, index + 1), h("span", {}, this.indicatorName(id)),
        h("i", { style: `--score:${Math.round(score * 100)}%` }), h("span", { class: "jx-n jx-dim" }, score.toFixed(2)))),
      h("button", { class: `jx-cand${one.fields.indicator ? "" : " on"}`, onclick: () => this.pick(0) },
        h("kbd", {}, 0), h("span", {}, "不归任何指标")));
  }

  grounds(one) {
    const told = [
      ...(one.section.length ? [["章节", one.section.map(line).join(" › ")]] : []),
      ...(one.evidence || []),
      ...(one.rule ? [["规则", one.rule]] : []),
      ...(one.confidence === null ? [] : [["置信度", one.confidence.toFixed(3)]]),
      ["位置", `${one.start}–${one.end}`],
      ...(one.verdict ? [["决定", `${one.reviewer || "（未署名）"} · ${one.time.replace("T", " ").slice(0, 16)}`]] : []),
    ];
    return h("details", { open: true }, h("summary", {}, "依据"),
      h("dl", {}, told.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, line(value))])));
  }

  // -- forms --------------------------------------------------------------------------------------

  edit(focus) {
    const one = this.mentions.get(this.current);
    if (!one) return;
    this.openForm({ name: one.id, layer: one.layer, given: one.fields, title: `修改 ${one.id}`, focus });
  }

  comment() {
    const one = this.mentions.get(this.current);
    if (!one) return;
    this.form = { name: one.id, comment: true };
    const input = h("input", { value: one.note || "", "aria-label": "意见", maxlength: 300 });
    this.form.send = () => this.ask({ do: "note", name: one.id, note: input.value });
    this.drawForm(`意见 · ${line(one.fields.text)}`, [h("label", {}, h("span", {}, "意见"), input)], input);
  }

  add() {
    const place = this.selected();
    if (place) this.addAt(place); else this.find();
  }

  async addAt(place) {
    const { start, end } = place;
    const range = this.rangeOf(this.offsets.unit(start), this.offsets.unit(end));
    document.getSelection().removeAllRanges();
    this.point(range);
    const found = await this.ask({ do: "propose", start, end });
    if (found.kind === "error") return;
    const label = found.label || found.fields.kind || this.filters.label || (this.filters.layer ? this.labelsOf(this.filters.layer)[0][0] : "COUNT");
    const words = clean(this.doc.text.slice(this.offsets.unit(start), this.offsets.unit(end)));
    this.openForm({ start, end, label, given: found.fields, words, title: "新增提及", focus: this.labelField(this.layerOf(label)) });
  }

  layerOf(label) { return Object.keys(LAYERS).find((layer) => this.labelsOf(layer).some(([code]) => code === label)); }

  // Adds without a mouse: words are typed, and looked for from the current mention on.
  find() {
    let places = [], at = 0;
    const told = h("span", { class: "jx-dim jx-n", role: "status" });
    const show = () => {
      told.textContent = places.length ? `第 ${at + 1} / ${places.length} 处` : "没有";
      const range = places.length ? this.rangeOf(places[at], places[at] + input.value.length) : null;
      this.point(range);
      if (range) this.showBox(range.getBoundingClientRect());
    };
    const look = () => {
      places = [];
      const words = input.value;
      for (let from = this.doc.text.indexOf(words); words && from >= 0; from = this.doc.text.indexOf(words, from + 1)) places.push(from);
      const here = this.mentions.get(this.current)?.from ?? 0;
      at = Math.max(0, places.findIndex((from) => from >= here));
      show();
    };
    const turn = (by) => { if (places.length) { at = (at + by + places.length) % places.length; show(); } };
    const input = h("input", { "aria-label": "要标的字", oninput: look, onkeydown: (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); turn(event.key === "ArrowDown" ? 1 : -1); }
    } });
    this.form = { send: async () => {
      if (!places.length) return { kind: "error", message: `原文里没有“${input.value}”` };
      const place = { start: this.offsets.point(places[at]), end: this.offsets.point(places[at] + input.value.length) };
      this.form = null;
      await this.addAt(place);
      return { kind: "next" };
    } };
    this.drawForm("新增：原文里的字（↓ ↑ 换一处）", [h("label", {}, h("span", {}, "原文"), input), told], input, "选定");
  }

  openForm(form) {
    this.form = form;
    const layer = form.layer || this.layerOf(form.label);
    const controls = new Map();
    const given = { ...form.given };
    if (!form.name) given[this.labelField(layer)] = form.label;
    const fields = this.doc.fields[layer].filter(({ name }) => form.name || name !== "text");
    const rows = fields.map((field) => {
      let start = given[field.name] ?? "";
      if (field.name === "indicator" && start) start = this.indicatorName(start);
      const control = this.control(field, String(start), form, layer);
      control.dataset.field = field.name;
      control.setAttribute("aria-label", field.title);
      controls.set(field.name, [control, String(start)]);
      return h("label", { class: ["text", "indicator", "subject", "object", "trigger"].includes(field.name) ? "jx-wide" : "" },
        h("span", {}, field.title), control);
    });
    if (!form.name) rows.unshift(h("p", { class: "jx-quote jx-wide" }, "「", line(form.words), "」"));
    form.send = () => {
      const changes = {};
      for (const [name, [control, start]] of controls) if (control.value !== start || !form.name) changes[name] = control.value;
      if (form.name) return this.ask({ do: "correct", name: form.name, changes });
      const label = changes[this.labelField(layer)];
      delete changes[this.labelField(layer)];
      return this.ask({ do: "add", start: form.start, end: form.end, label, fields: changes });
    };
    const focus = controls.get(form.focus)?.[0] || controls.get(layer === "quantity" ? "value" : "text")?.[0] || controls.values().next().value[0];
    this.drawForm(form.title, rows, focus);
  }

  control(field, value, form, layer) {
    if (!form.name && field.name === this.labelField(layer)) {
      return h("select", { onchange: (event) => {
        this.openForm({ ...form, label: event.target.value, focus: this.labelField(this.layerOf(event.target.value)) });
      } }, Object.keys(LAYERS).map((each) => h("optgroup", { label: LAYERS[each] },
        this.labelsOf(each).map(([code, word]) => h("option", { value: code, selected: code === value }, word)))));
    }
    if (!field.free) {
      const none = field.name === this.labelField(layer) ? [] : [h("option", { value: "" }, "—")];
      return h("select", {}, none, field.choices.map(([code, word]) =>
        h("option", { value: code, selected: code === value }, field.name === "bound" ? `${code} ${word}` : word)));
    }
    if (field.name === "indicator") return h("input", { value, list: this.known.id, placeholder: "名称或 id" });
    if (field.choices.length) {
      const id = `${this.name}-${field.name}`;
      return h("input", { value, list: id, "data-list": "" });
    }
    const hints = { value: "如 385.08万", period: "如 2021、2021-12-31、2021-01/2021-09", unit: "CNY、%、家……" };
    return h("input", { value, placeholder: hints[field.name], spellcheck: "false" });
  }

  drawForm(title, rows, focus, word = "存") {
    this.problem = h("p", { class: "jx-problem", role: "alert", hidden: true });
    const form = h("form", { class: "jx-form", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      h("div", { class: "jx-top jx-wide" }, h("b", {}, title), h("span", { class: "jx-space" }),
        h("button", { type: "submit", class: "jx-go" }, h("kbd", {}, "Enter"), ` ${word}`),
        h("button", { type: "button", onclick: () => this.closeForm() }, h("kbd", {}, "Esc"), " 弃")),
      this.problem, rows);
    this.detail.replaceChildren(form);
    this.root.toggleAttribute("data-form", true);
    focus.focus({ preventScroll: true });
    focus.select?.();
  }

  async submit() {
    const { form } = this;
    const reply = await form.send();
    if (reply.kind === "next" || this.form !== form) return;
    if (reply.kind !== "error") { this.closeForm(); return; }
    for (const one of this.detail.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    this.problem.textContent = reply.error ? `${reply.error}: ${reply.message}` : reply.message;
    this.problem.hidden = false;
    const control = this.detail.querySelector(`[data-field="${CSS.escape(reply.field || "")}"]`);
    if (control) {
      control.setAttribute("aria-invalid", "true");
      control.closest("label").after(this.problem);
      control.focus();
    }
  }

  closeForm(focus = true) {
    this.form = null;
    this.point(null);
    this.root.removeAttribute("data-form");
    this.drawDetail();
    if (focus) this.list.focus({ preventScroll: true });
  }

  // -- overlays and messages ----------------------------------------------------------------------

  overlay(title, content, yes) {
    const before = document.activeElement;
    const close = () => { this.over.hidden = true; this.over.replaceChildren(); (this.root.contains(before) ? before : this.list).focus({ preventScroll: true }); };
    this.closeOverlay = close;
    this.over.replaceChildren(h("div", { class: "jx-card", role: "dialog", "aria-modal": "true", "aria-label": title },
      h("h4", {}, title), content,
      h("div", { class: "jx-buttons" },
        yes ? h("button", { class: "jx-go", onclick: () => { close(); yes(); } }, h("kbd", {}, "Enter"), " 好") : null,
        h("button", { onclick: close }, h("kbd", {}, "Esc"), " 关"))));
    this.over.hidden = false;
    this.over.querySelector("button").focus({ preventScroll: true });
  }

  help() {
    this.overlay("按键", [h("dl", { class: "jx-keys" }, KEYS.flatMap(([key, word]) => [
      h("dt", {}, h("kbd", {}, key)), h("dd", {}, word)]))]);
  }

  showUnfit() {
    this.overlay("不再适用的旧决定", [h("p", { class: "jx-dim" }, "新的结果与当时判断的不同，没有套用；都还留在 reviews/ 里。"),
      h("table", {}, this.left.map((one) => h("tr", {}, h("td", {}, line(one.text)), h("td", {}, VERDICTS[one.verdict]),
        h("td", {}, line(one.reviewer)), h("td", { class: "jx-dim" }, line(one.why)))))]);
  }

  say(words, kind) {
    this.message.textContent = words;
    this.message.className = `jx-say ${kind}`;
    this.message.hidden = false;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.hush(), kind === "bad" ? 12000 : 5000);
  }

  hush() { clearTimeout(this.quiet); this.message.hidden = true; }

  // -- keys ---------------------------------------------------------------------------------------

  key(event) {
    const { target, key } = event;
    // Enter and Escape of an input method are its own.
    if (event.isComposing || event.keyCode === 229) { event.stopPropagation(); return; }
    const typing = target.matches("input, select, textarea");
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    let done = true;
    if (!this.over.hidden) {
      if (key === "Escape" || (key === "?" && plain)) this.closeOverlay();
      else done = false;
    } else if (key === "Escape") this.escape(target);
    else if ((event.ctrlKey || event.metaKey) && !event.altKey && !(typing && key !== "s")) {
      const name = { z: event.shiftKey ? "U" : "u", Z: "U", y: "U", s: "s" }[key];
      done = name !== undefined;
      if (done) this.run(name);
    } else if (typing) {
      done = key === "Enter" && !this.form && target === this.words;
      if (done) { if (!this.visible.has(this.current) && this.shown.length) this.go(this.shown[0]); this.list.focus({ preventScroll: true }); }
    } else if (!plain || target.closest("button, summary") && (key === "Enter" || key === " ")) done = false;
    else done = !this.form && this.run(key);
    if (done) event.preventDefault();
    // Nothing that is typed here is meant for the notebook around it.
    event.stopPropagation();
  }

  escape(target) {
    if (this.form) this.closeForm();
    else if (target === this.words && this.words.value) { this.words.value = this.filters.words = ""; this.refilter(); }
    else this.list.focus({ preventScroll: true });
  }

  run(key) {
    if (!this.doc || (this.form && key !== "s")) return false;
    this.hush();
    const does = {
      j: () => this.step(1), k: () => this.step(-1), ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1),
      PageDown: () => this.step(10), PageUp: () => this.step(-10),
      Home: () => this.step(-this.order.length), End: () => this.step(this.order.length),
      " ": () => this.nextOpen(), a: () => this.judge("correct"), x: () => this.judge("wrong"),
      q: () => this.judge("doubtful"), r: () => this.judge(null), A: () => this.judgeAll(),
      d: () => this.remove(), e: () => this.edit(), c: () => this.comment(), n: () => this.add(),
      u: () => this.ask({ do: "undo" }).then((reply) => this.follow(reply)),
      U: () => this.ask({ do: "redo" }).then((reply) => this.follow(reply)),
      s: () => this.ask({ do: "save" }), "/": () => { this.words.focus({ preventScroll: true }); this.words.select(); },
      f: () => this.clearFilters(), "[": () => this.turn(-1), "]": () => this.turn(1), z: () => this.full(), "?": () => this.help(),
    };
    const run = /^[0-9]$/.test(key) ? () => this.pick(Number(key)) : does[key];
    run?.();
    return run !== undefined;
  }

  remove() {
    if (!this.current) return;
    const next = this.shown[this.near(1)];
    this.ask({ do: "delete", names: [this.current] });
    if (next) this.go(next);
  }

  // What was undone is shown, so that nothing changes unseen.
  follow(reply) {
    const id = reply.changed?.[0]?.id;
    if (id && this.mentions.has(id)) this.go(id);
  }

  turn(by) {
    const ids = this.doc.documents.map(([id]) => id);
    this.openDocument(ids[ids.indexOf(this.doc.document) + by]);
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.().catch((error) => this.say(String(error), "bad"));
  }
}

export default {
  render({ model, el }) {
    const root = h("div", {
      class: "jx-review", lang: "zh", role: "application", "aria-label": "复核", "data-lm-suppress-shortcuts": "true",
    });
    el.append(root);
    const view = new View(model, root);
    return () => view.stop();
  },
};
