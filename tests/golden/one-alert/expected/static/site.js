// Sorting, filtering, copying and a switch between light and dark.
// Every page is complete without it; where a browser refuses something, the page stays as it was.
(function () {
  "use strict";

  var PRIORITIES = ["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"];

  function make(name, properties, text) {
    var element = document.createElement(name);
    Object.keys(properties).forEach(function (key) {
      element.setAttribute(key, properties[key]);
    });
    if (text) element.textContent = text;
    return element;
  }

  // Sorting: each head of a sortable table becomes a button.

  function key(cell) {
    var text = cell.textContent.trim();
    if (cell.classList.contains("n")) {
      var number = parseFloat(text.replace(/,/g, ""));
      return isNaN(number) ? -1 : number;
    }
    var mark = cell.querySelector(".p");
    if (mark) {
      var word = mark.textContent.trim().split(/\s+/).pop().toLowerCase();
      return PRIORITIES.indexOf(word);
    }
    return text.toLowerCase();
  }

  function sort(table, head) {
    var index = Array.prototype.indexOf.call(head.parentNode.children, head);
    var numeric = head.classList.contains("n");
    var before = head.getAttribute("aria-sort");
    var down = before ? before === "ascending" : numeric;
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, place) {
      return { row: row, key: key(row.cells[index]), place: place };
    });
    rows.sort(function (a, b) {
      if (a.key === b.key) return a.place - b.place;
      return (a.key < b.key ? -1 : 1) * (down ? -1 : 1);
    });
    Array.prototype.forEach.call(head.parentNode.children, function (other) {
      other.removeAttribute("aria-sort");
    });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.forEach(function (item) {
      body.appendChild(item.row);
    });
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    if (table.tBodies[0].rows.length < 2) return;
    table.querySelectorAll("thead th:not(.plain)").forEach(function (head) {
      var button = make("button", { type: "button", class: "sort" }, head.textContent);
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        sort(table, head);
      });
    });
  });

  // Filtering: one box for all rows of the page.

  var tools = make("div", { class: "tools" });
  var rows = document.querySelectorAll("table.sortable tbody tr");
  if (rows.length > 5) {
    var label = make("label", {}, "Filter rows ");
    var box = make("input", { type: "search", autocomplete: "off", spellcheck: "false", "aria-keyshortcuts": "/", placeholder: "press /" });
    var told = make("span", { class: "told", role: "status" });
    label.appendChild(box);
    tools.appendChild(label);
    tools.appendChild(told);
    box.addEventListener("input", function () {
      var words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) {
          return text.indexOf(word) >= 0;
        });
        if (!row.hidden) shown += 1;
      });
      told.textContent = words.length ? shown + " of " + rows.length + " rows" : "";
    });
    box.addEventListener("keydown", function (pressed) {
      if (pressed.key !== "Escape") return;
      box.value = "";
      box.dispatchEvent(new Event("input"));
      box.blur();
    });
    document.addEventListener("keydown", function (pressed) {
      var at = pressed.target.nodeName;
      if (pressed.key !== "/" || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
      if (at === "INPUT" || at === "TEXTAREA" || at === "SELECT") return;
      pressed.preventDefault();
      box.focus();
    });
  }

  // Light and dark: the choice is kept if the browser lets us.

  var root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem("alertbook-theme");
    } catch (refused) {
      return null;
    }
  }

  function store(theme) {
    try {
      localStorage.setItem("alertbook-theme", theme);
    } catch (refused) {
      // The choice then holds for this page only.
    }
  }

  function dark() {
    var theme = root.getAttribute("data-theme");
    return theme ? theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  var kept = stored();
  if (kept === "dark" || kept === "light") root.setAttribute("data-theme", kept);
  var theme = make("button", { type: "button", class: "theme", "aria-label": "Switch between light and dark", title: "Light or dark" }, "◐");
  theme.addEventListener("click", function () {
    var next = dark() ? "light" : "dark";
    root.setAttribute("data-theme", next);
    store(next);
  });
  tools.appendChild(theme);
  document.querySelector("header.top nav").appendChild(tools);

  // Copying: a button beside each block of commands.

  function select(block) {
    var range = document.createRange();
    range.selectNodeContents(block);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  document.querySelectorAll(".advice pre").forEach(function (block) {
    var frame = make("div", { class: "copyable" });
    var button = make("button", { type: "button", class: "copy" }, "Copy");
    block.parentNode.insertBefore(frame, block);
    frame.appendChild(button);
    frame.appendChild(block);

    function say(word) {
      button.textContent = word;
      setTimeout(function () {
        button.textContent = "Copy";
      }, 2000);
    }

    function old() {
      select(block);
      var done = false;
      try {
        done = document.execCommand("copy");
      } catch (refused) {
        done = false;
      }
      say(done ? "Copied" : "Selected");
    }

    button.addEventListener("click", function () {
      if (!navigator.clipboard) return old();
      navigator.clipboard.writeText(block.textContent).then(function () {
        say("Copied");
      }, old);
    });
  });

  // Printing: short details are opened, and closed again afterwards.

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details.short:not([open])"));
    opened.forEach(function (details) {
      details.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) {
      details.open = false;
    });
    opened = [];
  });

  // A link to something folded opens it.

  function reveal() {
    var target = document.getElementById(location.hash.slice(1));
    var folded = target && target.closest("details");
    if (folded) folded.open = true;
  }

  window.addEventListener("hashchange", reveal);
  reveal();
})();
