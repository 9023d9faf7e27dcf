#include "orchestrator/core/compile.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "orchestrator/base/text.h"
#include "orchestrator/core/compile_checks.h"
#include "orchestrator/core/compile_waves.h"
#include "orchestrator/core/compile_zones.h"
#include "orchestrator/core/procedures.h"

namespace sitewide {
namespace {

class Compiler {
 public:
  Compiler(const Plan& plan, ClientTable inventory, const CompileOptions& options)
      : plan_(plan), inventory_(std::move(inventory)), options_(options) {}

  Compiled run() {
    copy_plan();
    order_groups();
    select_clients();
    zone_of_ = zones_of_clients(plan_, inventory_, group_of_, options_.zones, out_);
    make_lanes();
    adopt();
    const bool none = std::all_of(selected_.begin(), selected_.end(),
                                  [](std::uint32_t clients) { return clients == 0; });
    if (!options_.only.empty() && none && !options_.partial)
      problem({}, "--only leaves no client at all", "widen it");
    sort_clients();
    cut_waves(plan_, out_.schedule);
    std::stable_sort(out_.problems.begin(), out_.problems.end(),
                     [](const Problem& a, const Problem& b) {
                       return std::tuple(a.place.source, a.place.line, a.place.column) <
                              std::tuple(b.place.source, b.place.line, b.place.column);
                     });
    return std::move(out_);
  }

 private:
  void problem(Place place, std::string message, std::string help = "") {
    out_.problems.push_back(
        {Problem::Severity::error, place, std::move(message), std::move(help), {}, {}});
  }

  CompileChecks checks() { return {plan_, inventory_, group_of_, site_of_, out_.problems}; }

  void copy_plan();
  void find_transport(const Group& group, std::uint32_t index);
  void add_windows(const Group& plan, ScheduledGroup& group);
  void order_groups();
  void visit(std::uint32_t group, std::vector<int>& state);
  void select_clients();
  void select_group(std::uint32_t group, const std::vector<bool>& only);
  void make_lanes();
  void adopt();
  void adopt_lane(std::uint32_t forcing, std::uint32_t other);
  void sort_clients();
  bool comes_before(std::uint32_t earlier, std::uint32_t later) const {
    return before_[later][earlier];
  }
  std::uint32_t lane(std::uint32_t group, std::uint32_t site, std::uint32_t zone);

  const Plan& plan_;
  ClientTable inventory_;
  const CompileOptions& options_;
  Compiled out_;
  std::vector<std::vector<bool>> before_;  // before_[g][h]: h must pass before g starts
  std::vector<std::uint32_t> group_of_;    // by inventory index
  std::vector<std::uint32_t> site_of_;
  std::vector<std::uint32_t> zone_of_;  // by inventory index; kNone: no window asks for it
  std::vector<std::uint32_t> lane_of_;
  std::map<std::array<std::uint32_t, 3>, std::uint32_t> lanes_;  // by group, site and zone
  std::vector<std::uint32_t> selected_;                          // clients a group
};

void Compiler::copy_plan() {
  Schedule& schedule = out_.schedule;
  schedule.name = plan_.name;
  schedule.description = plan_.description;
  schedule.hotfix = plan_.hotfix;
  schedule.transports = plan_.transports;
  schedule.limits = plan_.limits;
  schedule.notify = plan_.notify;
  for (const Site& site : plan_.sites) {
    schedule.sites.emplace_back().plan = site;
    add_site_procedure(schedule.sites.back(), plan_.hotfix.parts);
  }
  for (const Group& group : plan_.groups) {
    schedule.groups.emplace_back().plan = group;
    add_client_procedure(schedule.groups.back(), plan_.hotfix.parts);
    find_transport(group, static_cast<std::uint32_t>(schedule.groups.size() - 1));
    add_windows(group, schedule.groups.back());
  }
}

// What a transport offers a method is the loader's to judge; here it is only looked up.
void Compiler::find_transport(const Group& group, std::uint32_t index) {
  const auto& transports = plan_.transports;
  const auto found =
      std::find_if(transports.begin(), transports.end(),
                   [&](const Transport& transport) { return transport.name == group.transport; });
  if (found == transports.end()) {
    problem(group.place, "unknown transport `" + group.transport + "`");
    return;
  }
  out_.schedule.groups[index].transport = static_cast<std::uint32_t>(found - transports.begin());
}

void Compiler::add_windows(const Group& plan, ScheduledGroup& group) {
  for (const Window& window : plan.windows) {
    if (!window.zone_label.empty()) {  // its clients bring their zones
      group.windows.push_back({window, {}});
      continue;
    }
    auto offsets = options_.zones ? options_.zones(window.zone)
                                  : Result<std::vector<ZoneOffset>>(std::vector<ZoneOffset>{});
    if (!offsets) {
      problem(window.place, offsets.error().message);
    } else {
      group.windows.push_back({window, std::move(*offsets)});
    }
  }
}

void Compiler::order_groups() {
  const std::size_t count = plan_.groups.size();
  before_.assign(count, std::vector<bool>(count, false));
  for (std::size_t g = 0; g < count; ++g) {
    const Group& group = plan_.groups[g];
    for (std::size_t i = 0; i < group.after.size(); ++i) {
      const auto found =
          std::find_if(plan_.groups.begin(), plan_.groups.end(),
                       [&](const Group& other) { return other.name == group.after[i]; });
      const Place place = i < group.after_places.size() ? group.after_places[i] : group.place;
      if (found == plan_.groups.end()) {
        std::vector<std::string_view> names;
        for (const Group& other : plan_.groups) names.push_back(other.name);
        const std::string_view near = nearest(group.after[i], names);
        problem(place, "unknown group `" + group.after[i] + "`",
                near.empty() ? "" : "did you mean `" + std::string(near) + "`?");
      } else {
        out_.schedule.groups[g].after.push_back(
            static_cast<std::uint32_t>(found - plan_.groups.begin()));
      }
    }
  }
  std::vector<int> state(count, 0);
  for (std::uint32_t g = 0; g < count; ++g) visit(g, state);
}

// Depth first over `after`; state 1 is on the path, 2 is done.
void Compiler::visit(std::uint32_t g, std::vector<int>& state) {
  if (state[g] != 0) return;
  state[g] = 1;
  for (const std::uint32_t earlier : out_.schedule.groups[g].after) {
    if (state[earlier] == 1) {
      problem(plan_.groups[g].place, "group `" + plan_.groups[g].name +
                                         "` waits for itself: `after` goes in a circle over `" +
                                         plan_.groups[earlier].name + "`");
      continue;
    }
    visit(earlier, state);
    before_[g][earlier] = true;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (before_[earlier][i]) before_[g][i] = true;
    }
  }
  state[g] = 2;
}

void Compiler::select_clients() {
  group_of_.assign(inventory_.size(), kNone);
  site_of_.assign(inventory_.size(), kNone);
  selected_.assign(plan_.groups.size(), 0);
  if (const auto column = inventory_.find_column("site")) {
    std::vector<std::uint32_t> by_value(inventory_.value_count(), kNone);
    for (std::uint32_t s = 0; s < plan_.sites.size(); ++s) {
      if (const auto value = inventory_.find_value(plan_.sites[s].name)) by_value[*value] = s;
    }
    for (std::uint32_t c = 0; c < inventory_.size(); ++c)
      site_of_[c] = by_value[inventory_.cell_id(c, *column)];
  }
  std::vector<bool> only(inventory_.size(), true);
  if (!options_.only.empty()) {
    const Selector selector = parse_selector(options_.only);
    if (selector.error) {
      problem({}, "--only: " + selector.error->message);
    } else {
      const Matcher matcher(selector, inventory_);
      for (std::uint32_t c = 0; c < inventory_.size(); ++c) only[c] = matcher.matches(c);
    }
  }
  for (std::uint32_t g = 0; g < plan_.groups.size(); ++g) select_group(g, only);
}

void Compiler::select_group(std::uint32_t g, const std::vector<bool>& only) {
  const Group& group = plan_.groups[g];
  const Selector selector = parse_selector(group.select);
  if (selector.error) {
    Place place = group.select_place;
    place.column += selector.error->column > 0 ? selector.error->column - 1 : 0;
    place.length = selector.error->length;
    problem(place, "selector: " + selector.error->message);
    return;
  }
  const Matcher matcher(selector, inventory_);
  for (const Requirement& unknown : matcher.unknown()) {
    if (options_.partial) break;
    std::vector<std::string_view> labels(inventory_.columns().begin(), inventory_.columns().end());
    const std::string_view near = nearest(unknown.key, labels);
    Problem warning{Problem::Severity::warning,
                    group.select_place,
                    "no client has a label `" + unknown.key + "`",
                    "",
                    {},
                    {}};
    if (!near.empty()) warning.help = "did you mean `" + std::string(near) + "`?";
    out_.problems.push_back(std::move(warning));
  }
  std::uint32_t matched = 0, narrowed = 0, shown = 0;
  for (std::uint32_t c = 0; c < inventory_.size(); ++c) {
    if (!matcher.matches(c)) continue;
    ++matched;
    if (!only[c]) {
      ++narrowed;
      continue;
    }
    const std::string name = "client `" + escaped(inventory_.name(c)) + "`";
    if (group_of_[c] != kNone) {
      if (++shown <= 5)
        problem(group.select_place,
                name + " is in two groups, `" + plan_.groups[group_of_[c]].name + "` and `" +
                    group.name + "`",
                "make the selectors exclude each other");
      continue;
    }
    if (group.method != Method::command && site_of_[c] == kNone && ++shown <= 5) {
      const std::string_view site = inventory_.label(c, "site");
      problem(group.select_place,
              site.empty()
                  ? name + " has no site"
                  : name + " is of site `" + escaped(site) + "`, which the plan does not define",
              "method `" + std::string(name_of(group.method)) +
                  "` needs the label `site` to name one of the plan's sites");
    }
    group_of_[c] = g;
    ++selected_[g];
  }
  if (matched == 0 && !options_.partial)
    problem(group.select_place, "the selector of group `" + group.name + "` matches no client");
  if (matched > 0 && matched == narrowed) {
    out_.problems.push_back({Problem::Severity::warning,
                             {},
                             "--only leaves no client in group `" + group.name + "`",
                             "",
                             {},
                             {}});
  }
  checks().group(g);
  if (!options_.partial) checks().labels(g);
}

std::uint32_t Compiler::lane(std::uint32_t group, std::uint32_t site, std::uint32_t zone) {
  std::vector<Lane>& lanes = out_.schedule.lanes;
  const bool needs_site = group == kNone || plan_.groups[group].method != Method::command;
  const std::uint32_t at = needs_site ? site : kNone;
  const auto next = static_cast<std::uint32_t>(lanes.size());
  const auto [found, is_new] = lanes_.emplace(std::array{group, at, zone}, next);
  if (is_new) lanes.push_back({group, at, kNone, 0, zone});
  return found->second;
}

void Compiler::make_lanes() {
  lane_of_.assign(inventory_.size(), kNone);
  std::uint32_t last = kNone, last_group = kNone, last_site = kNone, last_zone = kNone;
  for (std::uint32_t c = 0; c < inventory_.size(); ++c) {
    if (group_of_[c] == kNone && (site_of_[c] == kNone || !checks().covers(c))) continue;
    if (last == kNone || group_of_[c] != last_group || site_of_[c] != last_site ||
        zone_of_[c] != last_zone) {
      last_group = group_of_[c];
      last_site = site_of_[c];
      last_zone = zone_of_[c];
      last = lane(last_group, last_site, last_zone);
    }
    lane_of_[c] = last;
    ++out_.schedule.lanes[last].clients;
  }
}

// A force reaches every client of its site. Those of later groups, or of none, belong to the
// forcing group from then on.
void Compiler::adopt() {
  std::vector<Lane>& lanes = out_.schedule.lanes;
  std::vector<std::uint32_t> forcing;
  for (std::uint32_t l = 0; l < lanes.size(); ++l) {
    if (lanes[l].group != kNone && plan_.groups[lanes[l].group].method == Method::site_wide)
      forcing.push_back(l);
  }
  // Earlier groups first, so that the first force of a site adopts.
  std::stable_sort(forcing.begin(), forcing.end(), [&](std::uint32_t a, std::uint32_t b) {
    return comes_before(lanes[a].group, lanes[b].group);
  });
  for (const std::uint32_t f : forcing) {
    checks().force(lanes[f].group, lanes[f].site);
    if (lanes[f].adopted_by != kNone) continue;
    for (std::uint32_t other = 0; other < lanes.size(); ++other) {
      if (other != f && lanes[other].site == lanes[f].site) adopt_lane(f, other);
    }
    BlastRadius radius{lanes[f].group, lanes[f].site, {}};
    for (std::uint32_t c = 0; c < inventory_.size(); ++c) {
      if (lane_of_[c] != kNone && lanes[lane_of_[c]].adopted_by == f) radius.clients.push_back(c);
    }
    out_.blast_radius.push_back(std::move(radius));
  }
}

void Compiler::adopt_lane(std::uint32_t forcing, std::uint32_t other) {
  std::vector<Lane>& lanes = out_.schedule.lanes;
  const std::uint32_t g = lanes[forcing].group;
  const std::uint32_t p = lanes[other].group;
  if (p != kNone && comes_before(p, g)) return;
  if (p == kNone || comes_before(g, p)) {
    if (lanes[other].adopted_by == kNone) lanes[other].adopted_by = forcing;
    return;
  }
  const Group& group = plan_.groups[g];
  problem(plan_.groups[p].place,
          "groups `" + plan_.groups[p].name + "` and `" + group.name +
              "` may run side by side, and the force of `" + group.name +
              "` reaches clients of both on site `" + plan_.sites[lanes[forcing].site].name + "`",
          "order them by `after:`");
}

void Compiler::sort_clients() {
  std::vector<Lane>& lanes = out_.schedule.lanes;
  std::vector<std::uint32_t> order;
  order.reserve(inventory_.size());
  const auto collect = [&](std::uint32_t g, bool adopted) {
    for (std::uint32_t c = 0; c < inventory_.size(); ++c) {
      if (lane_of_[c] == kNone || group_of_[c] != g) continue;
      if ((lanes[lane_of_[c]].adopted_by != kNone) == adopted) order.push_back(c);
    }
  };
  for (std::uint32_t g = 0; g < plan_.groups.size(); ++g) {
    ScheduledGroup& group = out_.schedule.groups[g];
    group.clients.begin = static_cast<std::uint32_t>(order.size());
    collect(g, false);
    group.waves.push_back(
        {group.clients.begin, static_cast<std::uint32_t>(order.size())});  // cut_waves divides it
    collect(g, true);
    group.clients.end = static_cast<std::uint32_t>(order.size());
  }
  collect(kNone, true);
  Schedule& schedule = out_.schedule;
  schedule.lane_of.reserve(order.size());
  std::vector<std::uint32_t> index(inventory_.size(), kNone);
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    index[order[i]] = i;
    schedule.lane_of.push_back(lane_of_[order[i]]);
  }
  for (BlastRadius& radius : out_.blast_radius) {
    for (std::uint32_t& c : radius.clients) c = index[c];
  }
  schedule.clients = inventory_.pick(order);
}

}  // namespace

Compiled compile(const Plan& plan, ClientTable inventory, const CompileOptions& options) {
  return Compiler(plan, std::move(inventory), options).run();
}

}  // namespace sitewide
