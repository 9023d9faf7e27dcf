"""Looks at HTML reports in Chromium: report_test.py REPORT_PAGES. Exits with 77 where there is no Chromium."""

import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chromium  # noqa: E402

CLIENTS = 50_000
ROWS_MAX = 120  # of the table in the page, whatever the number of clients
FREEZE_MS = 1000  # what nobody should ever wait, on a busy machine too

# The contrast of every text on the page with what lies behind it; those below 4.5.
CONTRAST = """(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const low = [];
  let seen = 0;
  for (let node; (node = walker.nextNode());) {
    const e = node.parentElement, style = getComputedStyle(e);
    if (!node.data.trim() || !e.getClientRects().length || e.closest("script,style,title")) continue;
    const ink = light(parse(e.closest("svg") ? style.fill : style.color)), ground = light(behind(e));
    const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    seen++;
    if (ratio < 4.5) low.push(ratio.toFixed(2) + " " + node.data.trim().slice(0, 30));
  }
  return { seen, low };
})()"""

# Milliseconds from a change of the filter to the frame after it, and the longest task meanwhile.
FILTER_TIME = """((text) => new Promise((done) => {
  const input = document.querySelector("input[type=search]");
  let longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
  }).observe({ entryTypes: ["longtask"] });
  const began = performance.now();
  input.value = text;
  input.dispatchEvent(new Event("input"));
  requestAnimationFrame(() => setTimeout(() => {
    const painted = performance.now() - began;
    setTimeout(() => done({ painted, longest }), 100);
  }));
}))(%s)"""


def png_colours(data):
    """Width, height and how many bytes differ in the pixels of a PNG."""
    width, height = struct.unpack(">II", data[16:24])
    pixels, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IDAT":
            pixels += data[at + 8:at + 8 + length]
        at += 12 + length
    return width, height, len(set(zlib.decompress(pixels)))


class ReportTest(unittest.TestCase):
    """One browser for all; each test has a tab of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="sitewide-report.")
        subprocess.run([PAGES, cls.folder.name], check=True)
        cls.browser = chromium.Chromium()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def page(self, name, hash_part="", **options):
        page = chromium.Page(self.browser, **options)
        page.open("file://%s/%s.html%s" % (self.folder.name, name, hash_part))
        return page

    def data(self, name):
        with open("%s/%s.html" % (self.folder.name, name), encoding="utf-8") as file:
            return json.loads(re.search(r'id="data">(.*?)</script>', file.read(), re.S).group(1))

    def filter(self, page, text):
        page.evaluate("(() => { const i = document.querySelector('input[type=search]'); i.focus(); i.select(); })()")
        page.type(text)
        return page.evaluate("document.querySelector('[role=status]').textContent")

    def names(self, page):
        return page.evaluate("Array.from(document.querySelectorAll('.window tbody tr:not(.gap) a'), "
                             "a => a.textContent)")

    def test_every_page_loads_alone_and_without_a_complaint(self):
        for name in ("good", "halted", "many"):
            page = self.page(name)
            self.assertEqual(page.complaints(), [], name)
            others = [url for url in page.requests() if not url.startswith(("file:", "data:", "about:"))]
            self.assertEqual(others, [], name)
            self.assertEqual(page.evaluate("document.documentElement.lang"), "en")
            self.assertIn("Sitewide", page.evaluate("document.title"))

    def test_what_clients_say_stays_text(self):
        page = self.page("halted", "#filter=exit%3A41")
        self.assertEqual(self.names(page), ["pc5"])
        self.assertEqual(page.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertEqual(page.evaluate("document.scripts.length"), 2, "the data and the page's own")
        self.assertEqual(self.page("halted", "#client=pc5").evaluate(
            "document.querySelector('.client pre').textContent.split('\\n')[0]"),
            "</pre></script><script>alert(3)</script>\\x1b[31m")
        self.assertEqual(page.complaints(), [])

    def test_filter_finds_what_the_data_has(self):
        data, page = self.data("many"), self.page("many")
        restored = [state[0] for state in data["states"]].index("restored")
        late = [state[0] for state in data["states"]].index("late")
        canary = data["groups"].index("canary")
        in_reason = [i for i, reason in enumerate(data["reasons"]) if "disk full" in reason]

        def expect(text, test):
            count = sum(1 for i in range(CLIENTS) if test(i))
            self.assertEqual(self.filter(page, text), "{:,} of {:,} clients".format(count, CLIENTS), text)

        expect("status:restored", lambda i: data["state"][i] == restored)
        expect("status:restored,late", lambda i: data["state"][i] in (restored, late))
        expect("-status:upgraded group:canary",
               lambda i: data["group"][i] == canary and data["state"][i] in (restored, late))
        expect('"disk full"', lambda i: data["reason"][i] in in_reason)
        expect("group:head status:late pc49", lambda i: data["group"][i] != canary and data["state"][i] == late
               and "pc49" in data["name"][i])
        expect("wave:2 site:HQ", lambda i: data["wave"][i] == 2)
        expect("cause:1", lambda i: data["cause"][i] == 1)
        expect("exit:41", lambda i: 41 in data["attempts"][i][6::7])
        expect("no such client", lambda i: False)
        expect("", lambda i: True)
        self.assertIn("colour: not a key", self.filter(page, "colour:red"))

    def test_buttons_add_states_to_the_filter(self):
        page = self.page("halted")
        state = ("document.querySelector('input[type=search]').value + ': ' + "
                 "document.querySelector('[role=status]').textContent")

        def click(word):
            page.evaluate("Array.from(document.querySelectorAll('.filter button')).find("
                          "b => b.textContent.includes('%s')).click()" % word)

        click("restored")
        self.assertEqual(page.evaluate(state), "status:restored: 4 of 36 clients")
        click("upgraded")
        self.assertEqual(page.evaluate(state), "status:restored,upgraded: 5 of 36 clients")
        self.assertEqual(page.evaluate("document.querySelectorAll('[aria-pressed=true]').length"), 2)
        click("restored")
        click("upgraded")
        self.assertEqual(page.evaluate(state), ": 36 of 36 clients")

    def test_rows_are_saved_as_csv(self):
        page = self.page("halted", "#filter=exit%3A41")
        text = page.evaluate("new Promise(done => {"
                             "URL.createObjectURL = blob => { blob.text().then(done); return '#'; };"
                             "HTMLAnchorElement.prototype.click = () => {};"
                             "Array.from(document.querySelectorAll('.filter button')).at(-1).click(); })")
        head, row, end = text.split("\r\n")
        self.assertEqual(head, "client,group,wave,site,status,attempts,began,took,exit,reason")
        self.assertTrue(row.startswith("pc5,canary,2,HQ,restored,6,2026-11-23T14:40:06Z,"), row)
        self.assertTrue(row.endswith(",41,had failed: </script><img src=x onerror=alert(1)> exit 41"), row)
        self.assertEqual(end, "")
        self.assertEqual(page.evaluate("csvCell('=HYPERLINK(1)')"), "'=HYPERLINK(1)")
        self.assertEqual(page.evaluate("csvCell('a,' + String.fromCharCode(34))"), '"a,"""')

    def test_many_clients_do_not_freeze_the_page(self):
        page = self.page("many")
        load = page.evaluate("new Promise(done => new PerformanceObserver(list => done(Math.max("
                             "...list.getEntries().map(task => task.duration))))"
                             ".observe({ type: 'longtask', buffered: true }))")
        print("longest task of loading %d clients %.0f ms" % (CLIENTS, load))
        self.assertLess(load, 5 * FREEZE_MS)
        for text in ("pc4", "status:restored disk", "-pc1", ""):
            time = page.evaluate(FILTER_TIME % json.dumps(text))
            print("filter %-22r painted after %4.0f ms, longest task %3.0f ms"
                  % (text, time["painted"], time["longest"]))
            self.assertLess(time["painted"], FREEZE_MS)
        sort = page.evaluate("(() => { const began = performance.now();"
                             "document.querySelector('.window thead button').click();"
                             "return performance.now() - began; })()")
        print("sort by name %.0f ms" % sort)
        self.assertLess(sort, 2 * FREEZE_MS)
        count = "document.querySelectorAll('.window tbody tr').length"
        self.assertLess(page.evaluate(count), ROWS_MAX)
        page.evaluate("new Promise(done => { const w = document.querySelector('.window'); w.scrollTop = w.scrollHeight;"
                      "requestAnimationFrame(() => setTimeout(done, 50)); })")
        self.assertIn("pc%d" % CLIENTS, self.names(page))
        self.assertLess(page.evaluate(count), ROWS_MAX)
        self.assertEqual(page.evaluate("document.querySelector('.window table').getAttribute('aria-rowcount')"),
                         str(CLIENTS + 1))

    def test_columns_sort_by_keyboard(self):
        page = self.page("good")
        page.evaluate("document.querySelector('.window thead button').focus()")
        page.press("Enter")
        sort = "document.querySelector('.window th').getAttribute('aria-sort')"
        self.assertEqual(page.evaluate(sort), "ascending")
        self.assertEqual(self.names(page)[:3], ["pc1", "pc2", "pc3"])
        page.press("Enter")
        self.assertEqual(page.evaluate(sort), "descending")
        self.assertEqual(self.names(page)[:2], ["pc40", "pc39"])
        self.assertEqual(page.evaluate("document.querySelectorAll('[aria-sort]').length"), 1)

    def test_rows_are_reached_and_opened_by_keyboard(self):
        page = self.page("many")
        focused = "document.activeElement.textContent"
        page.evaluate("document.querySelectorAll('.window thead button')[9].focus()")
        page.press("Tab")
        first = self.data("many")["name"][0]
        self.assertEqual(page.evaluate(focused), first)
        page.press("ArrowDown")
        second = self.data("many")["name"][1]
        self.assertEqual(page.evaluate(focused), second)
        self.assertNotEqual(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none")
        page.press("Enter")
        self.assertEqual(page.evaluate(focused), second)
        self.assertEqual(page.evaluate("document.activeElement.tagName + location.hash"), "H3#client=" + second)
        page.press("Escape")
        self.assertEqual(page.evaluate("document.activeElement.tagName"), "A")
        self.assertEqual(page.evaluate("document.querySelectorAll('.client').length"), 0)
        page.press("End")
        self.assertEqual(page.evaluate(focused), self.data("many")["name"][-1])

    def test_link_opens_its_client(self):
        for name, client in (("many", "pc31337"), ("halted", "<b>pc1</b>&\"'\\xff")):
            data = self.data(name)
            fragment = "#client=" + "".join("%%%02X" % byte for byte in client.encode())
            page = self.page(name, fragment)
            self.assertEqual(page.evaluate("document.querySelector('.client h3').textContent"), client)
            row = page.evaluate("(() => { const r = document.querySelector('tr[aria-current]');"
                                "const w = document.querySelector('.window').getBoundingClientRect();"
                                "const b = r.getBoundingClientRect(), seen = b.top >= w.top && b.bottom <= w.bottom;"
                                "return [r.querySelector('a').textContent, seen]; })()")
            self.assertEqual(row, [client, True])
            attempts = len(data["attempts"][data["name"].index(client)]) // 7
            shown = page.evaluate("document.querySelectorAll('.client tbody tr:not(:has(pre))').length")
            self.assertEqual(shown, attempts)
        missing = self.page("good", "#client=nobody")
        self.assertIn("no client nobody", missing.evaluate("document.querySelector('[role=status]').textContent"))

    def test_without_scripts_groups_and_failures_are_there(self):
        page = self.page("halted", scripts=False)
        text = page.evaluate("document.body.innerText")
        for words in ("had failed:", "pc5", "canary", "script does not run"):
            self.assertIn(words, text)
        self.assertTrue(page.evaluate("document.querySelector('.paper').getClientRects().length > 0"))
        scripted = self.page("halted")
        self.assertEqual(scripted.evaluate("document.querySelector('.paper').getClientRects().length"), 0)

    def test_paper_has_the_failures_only(self):
        for name, pages_max in (("good", 12), ("many", 60)):
            page = self.page(name)
            page.media("print")
            self.assertEqual(page.evaluate("document.querySelector('#clients-table').getClientRects().length"), 0)
            self.assertTrue(page.evaluate("document.querySelector('.paper').getClientRects().length > 0"))
            page.media("")
            pdf = page.pdf()
            self.assertTrue(pdf.startswith(b"%PDF"))
            count = len(re.findall(rb"/Type\s*/Page\b", pdf))
            print("%s: %d pages of PDF, %d kB" % (name, count, len(pdf) // 1000))
            self.assertTrue(0 < count <= pages_max, count)

    def test_every_text_can_be_read(self):
        for name in ("good", "halted"):
            for scheme in ("light", "dark"):
                page = self.page(name, "#client=pc5")
                page.media(prefers_color_scheme=scheme)
                page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
                result = page.evaluate(CONTRAST)
                self.assertGreater(result["seen"], 200)
                self.assertEqual(result["low"], [], name + " " + scheme)
            grounds = set()
            for scheme in ("light", "dark"):
                page.media(prefers_color_scheme=scheme)
                grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            self.assertEqual(len(grounds), 2, "dark mode is another one")

    def test_parts_have_roles_and_names(self):
        page = self.page("halted", "#client=pc5")
        page.call("Accessibility.enable")
        nodes = [node for node in page.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
        value = lambda node, key: node.get(key, {}).get("value", "")  # noqa: E731
        roles = [value(node, "role") for node in nodes]
        for role in ("banner", "navigation", "main", "contentinfo", "search", "heading", "status"):
            self.assertIn(role, roles)
        for node in nodes:
            if value(node, "role") in ("button", "link", "searchbox", "image", "region", "navigation", "table"):
                self.assertTrue(value(node, "name"), node)
        self.assertEqual(page.evaluate("document.querySelectorAll('h1').length"), 1)
        self.assertEqual(page.evaluate("new Set(Array.from(document.querySelectorAll('[id]'), e => e.id)).size"),
                         page.evaluate("document.querySelectorAll('[id]').length"), "an id is used twice")

    def test_motion_is_only_for_those_who_want_it(self):
        page = self.page("good")
        page.media(prefers_reduced_motion="reduce")
        self.assertEqual(page.evaluate("getComputedStyle(document.documentElement).scrollBehavior"), "auto")

    def test_pictures_show_something(self):
        for name in ("good", "halted", "many"):
            page = self.page(name)
            picture = page.screenshot(whole=True)
            width, height, colours = png_colours(picture)
            self.assertGreater(width, 1200)
            self.assertGreater(height, 2000)
            self.assertGreater(colours, 100)
            kept = os.environ.get("SITEWIDE_CAPTURES")
            if kept:
                with open("%s/%s.png" % (kept, name), "wb") as file:
                    file.write(picture)

    def test_narrow_windows_do_not_scroll_sideways(self):
        page = self.page("halted", "#client=pc5", width=420, height=900)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 420)


if __name__ == "__main__":
    if not chromium.find():
        print("skipped: chromium is not installed")
        sys.exit(77)
    PAGES = sys.argv.pop(1)
    unittest.main(verbosity=1)
