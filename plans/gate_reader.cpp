#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/core/gate.h"
#include "plans/placeholders.h"
#include "plans/readers.h"
#include "plans/shape.h"
#include "plans/zones.h"

namespace sitewide {
namespace {

constexpr Duration kLongestWindow = std::chrono::hours(7 * 24);
constexpr std::size_t kZonesLookedFor = 20;  // a similar name is looked for among hundreds

Window read_window(const Values& values, Reading& reading) {
  Window window;
  window.place = values.place();
  window.days.fill(true);
  if (const auto days = values.text("days")) window.days = parse_days(*days).value_or(window.days);
  if (const auto start = values.text("start"))
    window.start = parse_clock(*start).value_or(Duration{});
  assign(window.length, values.duration("for"));
  assign(window.zone, values.text("zone"));
  assign(window.zone_label, values.section("zone").text("label"));
  assign(window.needs, values.duration("needs"));
  if (window.length > kLongestWindow) {
    reading.error(values.place("for"), "a window is open for at most 7d",
                  "leave the window out instead");
  }
  if (values.has("needs") && window.needs >= window.length && window.length.count() > 0) {
    reading.error(values.place("needs"), "nothing could ever start in this window",
                  "`needs` must be shorter than `for`");
  }
  if (rule_of(Scalar::zone).accepts(window.zone) && !is_zone_known(window.zone)) {
    const bool look = reading.zones_looked_for++ < kZonesLookedFor;
    const std::string near = look ? nearest_zone(window.zone) : std::string();
    reading.error(values.place("zone"), "unknown time zone `" + escaped(window.zone, 60) + "`",
                  near.empty() ? "zones are named like Europe/Berlin"
                               : "a similar name exists: `" + near + "`");
  }
  return window;
}

void read_policy(const Values& values, StepPolicy& policy) {
  assign(policy.attempts, values.number("attempts"));
  assign(policy.timeout, values.duration("timeout"));
  assign(policy.backoff, values.duration("backoff"));
  policy.backoff_max = std::max(policy.backoff, policy.backoff_max);
}

using Codes = std::vector<std::uint32_t>;

bool holds(const Codes& codes, std::uint32_t code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Codes read_codes(const Values& values, std::string_view key, Codes otherwise) {
  if (!values.has(key)) return otherwise;
  Codes codes;
  for (const Text& element : values.list(key)) {
    if (const auto code = parse_number(element.value, 599))
      codes.push_back(static_cast<std::uint32_t>(*code));
  }
  return codes;
}

// What passes cannot also say nothing. A default gives way to what the plan says.
void read_verdicts(const Values& values, std::string_view passes, Inquiry& inquiry,
                   Reading& reading) {
  const auto passing = [&](std::uint32_t code) { return holds(inquiry.pass, code); };
  if (!values.has("inconclusive")) std::erase_if(inquiry.inconclusive, passing);
  if (!values.has(passes)) {
    std::erase_if(inquiry.pass,
                  [&](std::uint32_t code) { return holds(inquiry.inconclusive, code); });
    if (!inquiry.pass.empty()) return;
    return reading.error(values.place("inconclusive"), "nothing passes this gate",
                         "say what does with `" + std::string(passes) + "`");
  }
  for (const std::uint32_t code : inquiry.inconclusive) {
    if (!passing(code)) continue;
    reading.error(
        values.place("inconclusive"),
        std::to_string(code) + " is in `" + std::string(passes) + "` and in `inconclusive`",
        "leave it in one of them");
  }
}

Inquiry read_check(const Values& values, Reading& reading) {
  Inquiry inquiry;
  read_policy(values, inquiry.policy);
  check_argv(values.list("run"), PlaceholderUse::gate, reading);
  inquiry.run = read_program(values, "run", reading);
  inquiry.pass = read_codes(values, "pass", {0});
  inquiry.inconclusive = read_codes(values, "inconclusive", {75});
  read_verdicts(values, "pass", inquiry, reading);
  return inquiry;
}

Inquiry read_request(const Values& values, Reading& reading) {
  Inquiry inquiry;
  read_policy(values, inquiry.policy);
  assign(inquiry.url, values.text("url"));
  inquiry.headers = read_headers(values, reading);
  inquiry.ca_file = reading.absolute(values.text("ca_file").value_or(""));
  const bool secret = std::any_of(inquiry.headers.begin(), inquiry.headers.end(),
                                  [](const auto& each) { return each.value.is_reference(); });
  if (secret && to_lower(inquiry.url).starts_with("http://")) {
    reading.warning(values.place("url"), "a secret goes over the network unprotected", "use https");
  }
  return inquiry;
}

Inquiry read_http(const Values& values, Reading& reading) {
  Inquiry inquiry = read_request(values, reading);
  inquiry.pass = read_codes(values, "status", {200});
  inquiry.inconclusive = read_codes(values, "inconclusive", {429, 502, 503, 504});
  read_verdicts(values, "status", inquiry, reading);
  assign(inquiry.body, values.text("body"));
  return inquiry;
}

Inquiry read_prometheus(const Values& values, Reading& reading) {
  Inquiry inquiry = read_request(values, reading);
  assign(inquiry.query, values.text("query"));
  assign(inquiry.at_least, values.text("at_least"));
  assign(inquiry.at_most, values.text("at_most"));
  inquiry.empty_fails = values.text("empty") == "fail";
  if (inquiry.url.find('?') != std::string::npos) {
    reading.error(values.place("url"), "the server's URL has a query of its own",
                  "name the server alone, and what is asked in `query`");
  }
  if (values.has("query") && !values.has("at_least") && !values.has("at_most")) {
    reading.error(values.place(), "nothing says which values pass",
                  "give it `at_least`, `at_most` or both");
  }
  const auto least = parse_decimal(inquiry.at_least);
  const auto most = parse_decimal(inquiry.at_most);
  if (least && most && *least > *most) {
    reading.error(values.place("at_most"), "`at_most` is less than `at_least`",
                  "no value could ever pass");
  }
  return inquiry;
}

}  // namespace

std::vector<Gate> read_gates(const std::vector<Node>& items, Reading& reading) {
  std::vector<Gate> gates;
  for (const Node& item : items) {
    const Values values(&item);
    Gate gate;
    gate.place = item.place;
    if (const auto soak = values.duration("soak")) {
      gate.soak = *soak;
      gates.push_back(gate);
    } else if (const auto approval = values.text("approval")) {
      gate.kind = Gate::Kind::approval;
      gate.approval = *approval;
      gates.push_back(gate);
    } else if (values.has("check")) {
      gate.kind = Gate::Kind::check;
      gate.inquiry = read_check(values.section("check"), reading);
      gates.push_back(gate);
    } else if (values.has("http")) {
      gate.kind = Gate::Kind::http;
      gate.inquiry = read_http(values.section("http"), reading);
      gates.push_back(gate);
    } else if (values.has("prometheus")) {
      gate.kind = Gate::Kind::prometheus;
      gate.inquiry = read_prometheus(values.section("prometheus"), reading);
      gates.push_back(gate);
    }
  }
  return gates;
}

void read_windows(const Values& group, std::vector<Window>& windows, Reading& reading) {
  const bool forces = group.text("method") == "site_wide";
  std::vector<const Node*> items;
  for (const Node& item : group.items("windows")) items.push_back(&item);
  for (const Node& gate : group.items("before")) {
    const Node* window = gate.is_map() ? gate.find("window") : nullptr;
    if (window != nullptr) items.push_back(window);
  }
  for (const Node* item : items) {
    if (!item->is_map()) continue;
    if (windows.size() >= kMostWindows)
      return reading.too_many(item->place, "group", kMostWindows, "windows");
    const Values values(item);
    windows.push_back(read_window(values, reading));
    if (forces && !windows.back().zone_label.empty()) {
      reading.error(values.place("zone"), "a force reaches every client of its site at once",
                    "its window has one zone, such as Europe/Berlin");
    }
  }
}

}  // namespace sitewide
