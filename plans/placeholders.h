// Placeholders: which `{name}` may stand where, checked when the plan is read and not when a step
// needs it. Pure.
#pragma once

#include <string_view>

#include "plans/readers.h"

namespace sitewide {

/// What is known where a text is used.
enum class PlaceholderUse : std::uint8_t {
  root,          ///< transports.root: client and site, but not the client's root
  batch,         ///< transports.batch: also `{batch}`, alone and last
  run,           ///< transports.run: also `{argv}`, alone
  file,          ///< transports.read, write, digest: also `{path}`
  step,          ///< programs of a group
  health,        ///< health.command: also `{proven_at}`
  client_file,   ///< on_client: a folder that Sms.ini names
  site,          ///< programs of a site: no client is known
  gate,          ///< a gate's program: neither client nor site is known
  service,       ///< sites.services: also `{service}`
  registry,      ///< transports.registry.query and delete: also `{key}` and `{name}`
  registry_set,  ///< transports.registry.set: also `{type}` and `{value}`
};

/// Reports each `{name}` in `text` that means nothing there.
void check_placeholders(const Text& text, PlaceholderUse use, Reading& reading);
/// The same for each element of an argv list, and what the list as a whole must hold.
void check_argv(const std::vector<Text>& argv, PlaceholderUse use, Reading& reading);

}  // namespace sitewide
