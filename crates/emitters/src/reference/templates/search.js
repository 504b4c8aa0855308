"use strict";
// Search over the index of `search-data.js`: every word that is typed must be somewhere in an entry.
(() => {
  const shown_max = 30;
  const box = document.querySelector(".search");
  const field = document.getElementById("search");
  const found = document.getElementById("found");
  const index = window.referenceIndex;
  if (!box || !field || !found || !Array.isArray(index)) return;
  box.hidden = false;
  const root = document.body.dataset.root;
  const lower = index.map((entry) => [entry[0].toLowerCase(), (entry[0] + " " + entry[1] + " " + entry[3]).toLowerCase()]);
  let here = -1;

  const score = (name, words) => {
    if (name === words.join(" ")) return 0;
    if (name.startsWith(words[0])) return 1;
    return words.every((word) => name.includes(word)) ? 2 : 3;
  };

  const search = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    found.hidden = words.length === 0;
    here = -1;
    if (words.length === 0) return;
    const hits = [];
    lower.forEach(([name, text], place) => {
      if (words.every((word) => text.includes(word))) hits.push([score(name, words), place]);
    });
    hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [, place] of hits.slice(0, shown_max)) {
      const link = document.createElement("a");
      link.href = root + index[place][2];
      const name = document.createElement("span");
      name.textContent = index[place][0];
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = index[place][1];
      link.append(name, kind);
      found.append(link);
    }
    if (hits.length === 0 || hits.length > shown_max) {
      const said = document.createElement("p");
      said.textContent = hits.length === 0 ? "Nothing has these words." : `${hits.length - shown_max} more; another word narrows them down.`;
      found.append(said);
    }
  };

  const move = (step) => {
    const links = found.querySelectorAll("a");
    if (links.length === 0) return;
    here = (here + step + links.length) % links.length;
    links.forEach((link, place) => link.classList.toggle("here", place === here));
    links[here].scrollIntoView({ block: "nearest" });
  };

  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
    if (event.key === "Escape") { field.value = ""; search(); field.blur(); }
    if (event.key === "Enter") {
      const links = found.querySelectorAll("a");
      const link = links[here] || links[0];
      if (link) location.href = link.href;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) found.hidden = true;
  });
  field.addEventListener("focus", search);
})();
