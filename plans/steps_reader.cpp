#include "plans/steps_reader.h"

#include <algorithm>
#include <set>

#include "orchestrator/base/text.h"
#include "plans/keys.h"
#include "plans/placeholders.h"

namespace sitewide {
namespace {

/// No hotfix needs more steps, edits or services than this.
constexpr std::size_t kMostParts = 100;

RunPart read_run(const Values& values, PlaceholderUse use, Reading& reading) {
  RunPart part;
  assign(part.what, values.text("what"));
  part.run = values.argv("run");
  part.probe = values.argv("probe");
  part.undo = values.argv("undo");
  assign(part.within, values.duration("within"));
  for (const std::string_view key : {"run", "probe", "undo"}) {
    check_argv(values.list(key), use, reading);
  }
  return part;
}

void read_block(const Values& values, MapEdit& edit) {
  assign(edit.entry, values.text("entry"));
  assign(edit.directory, values.text("directory"));
  assign(edit.platform, values.text("platform"));
  assign(edit.language, values.text("language"));
}

MapEdit read_map_edit(const Values& values, Reading& reading) {
  MapEdit edit;
  edit.place = values.place();
  if (values.has("duplicate")) {
    const Values duplicate = values.section("duplicate");
    edit.kind = MapEdit::Kind::duplicate;
    read_block(duplicate, edit);
    assign(edit.as, duplicate.text("as"));
    assign(edit.size, duplicate.number("size"));
    if (equals_ignoring_case(edit.entry, edit.as)) {
      reading.error(duplicate.place("as"), "the copy has the name of the entry itself",
                    "`as` is a name that the block does not have yet");
    }
  } else if (values.has("remove_list")) {
    const Values remove = values.section("remove_list");
    edit.kind = MapEdit::Kind::remove_list;
    read_block(remove, edit);
    assign(edit.list, remove.text("list"));
  } else {
    edit.kind = MapEdit::Kind::merge;
    assign(edit.fragment, values.section("merge").text("fragment"));
  }
  return edit;
}

SitePart read_site_part(const Values& values, Reading& reading) {
  SitePart part;
  part.place = values.place();
  const auto services = [&](std::string_view key, SitePart::Kind kind) {
    part.kind = kind;
    part.services = values.argv(key);
  };
  if (values.has("stop_service")) services("stop_service", SitePart::Kind::stop_service);
  if (values.has("start_service")) services("start_service", SitePart::Kind::start_service);
  if (values.has("site_reset")) part.kind = SitePart::Kind::site_reset;
  if (values.has("rename")) {
    const Values rename = values.section("rename");
    part.kind = SitePart::Kind::rename;
    assign(part.path, rename.text("path"));
    assign(part.to, rename.text("to"));
  }
  if (values.has("run")) {
    part.kind = SitePart::Kind::run;
    part.run = read_run(values.section("run"), PlaceholderUse::site, reading);
  }
  return part;
}

ClientPart read_client_part(const Values& values, Reading& reading) {
  ClientPart part;
  part.place = values.place();
  if (values.has("run")) {
    part.kind = ClientPart::Kind::run;
    part.run = read_run(values.section("run"), PlaceholderUse::step, reading);
    return part;
  }
  const bool ini = values.has("set_ini");
  part.kind = ini ? ClientPart::Kind::set_ini : ClientPart::Kind::set_registry;
  const Values own = values.section(ini ? "set_ini" : "set_registry");
  assign(part.section, own.text("section"));
  assign(part.key, own.text("key"));
  assign(part.name, own.text("name"));
  assign(part.value, own.text("value"));
  assign(part.type, own.text("type"));
  return part;
}

/// Whether the step has one key that is known. What is not was reported by its shape, and rules
/// about the list as a whole would only add to that.
bool is_clear(const Node& item, const Section& section) {
  return item.is_map() && item.entries.size() == 1 &&
         section.find(item.entries.front().key) != nullptr;
}

void read_site_steps(const Values& hotfix, Parts& parts, Reading& reading) {
  const auto& items = hotfix.items("site_steps");
  const bool clear = std::all_of(items.begin(), items.end(), [](const Node& item) {
    return is_clear(item, site_step_section());
  });
  if (!clear) return;
  for (const Node& item : items) {
    const Values values(&item);
    if (!parts.map.empty()) {
      return reading.error(values.place(), "`edit_system_map` is the last of the site's steps",
                           "it is a force, and comes when every logon server holds the files");
    }
    if (parts.site.size() >= kMostParts || values.items("edit_system_map").size() > kMostParts) {
      return reading.too_many(values.place(), "hotfix", kMostParts, "steps of a kind");
    }
    if (!values.has("edit_system_map")) {
      parts.site.push_back(read_site_part(values, reading));
      continue;
    }
    for (const Node& edit : values.items("edit_system_map")) {
      if (edit.is_map()) parts.map.push_back(read_map_edit(Values(&edit), reading));
    }
  }
}

/// What is stopped is started again, and nothing else is.
void check_services(const Parts& parts, Reading& reading) {
  std::set<std::string> stopped;
  for (const SitePart& part : parts.site) {
    for (const std::string& service : part.services) {
      const bool stops = part.kind == SitePart::Kind::stop_service;
      const bool known =
          stops ? stopped.insert(to_lower(service)).second : stopped.erase(to_lower(service)) > 0;
      if (known) continue;
      reading.error(part.place,
                    escaped(service, 64) + (stops ? " is stopped already" : " is not stopped here"),
                    "each service is stopped once, and then started once");
    }
  }
  if (stopped.empty()) return;
  const auto last = std::find_if(parts.site.rbegin(), parts.site.rend(), [](const SitePart& part) {
    return part.kind == SitePart::Kind::stop_service;
  });
  std::string names;
  for (const SitePart& part : parts.site) {
    for (const std::string& service : part.services) {
      if (stopped.erase(to_lower(service)) > 0) names += (names.empty() ? "" : ", ") + service;
    }
  }
  reading.error(last->place, "nothing starts " + escaped(names, 200) + " again",
                "add `start_service` where it may run again");
}

void check_copy(const Parts& parts, bool has_files, Reading& reading) {
  const SitePart* first = nullptr;
  for (const SitePart& part : parts.site) {
    if (part.kind != SitePart::Kind::copy) continue;
    if (first != nullptr) {
      reading.error(part.place, "the files are copied twice", "keep one `copy: {}`");
    }
    first = &part;
  }
  if (first != nullptr || !has_files || parts.site.empty()) return;
  reading.error(parts.site.front().place, "nothing in `site_steps` copies the files",
                "add `- copy: {}` where they go to their places");
}

}  // namespace

void read_site_parts(const Values& hotfix, Parts& parts, Reading& reading) {
  parts.site.clear();
  parts.map.clear();
  read_site_steps(hotfix, parts, reading);
}

void read_client_parts(const Values& hotfix, Parts& parts, Reading& reading) {
  parts.client.clear();
  for (const Node& item : hotfix.items("client_steps")) {
    if (!is_clear(item, client_step_section())) continue;
    if (parts.client.size() >= kMostParts) {
      return reading.too_many(item.place, "hotfix", kMostParts, "client steps");
    }
    parts.client.push_back(read_client_part(Values(&item), reading));
  }
}

void check_site_parts(const Parts& parts, bool has_files, Reading& reading) {
  check_services(parts, reading);
  check_copy(parts, has_files, reading);
}

}  // namespace sitewide
