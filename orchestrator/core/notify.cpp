#include "orchestrator/core/notify.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/base/url.h"

namespace sitewide {

std::string_view name_of(Occasion occasion) {
  constexpr std::string_view kNames[kOccasions] = {"start",       "halt",     "breach", "approval",
                                                   "needs_hands", "rollback", "end"};
  return kNames[static_cast<std::size_t>(occasion)];
}

std::vector<Occasion> default_occasions() {
  return {Occasion::halt, Occasion::breach, Occasion::approval, Occasion::needs_hands,
          Occasion::end};
}

bool NotifyTarget::listens_to(Occasion occasion) const {
  return std::find(on.begin(), on.end(), occasion) != on.end();
}

std::string describe_target(const NotifyTarget& target) {
  switch (target.kind) {
    case NotifyTarget::Kind::webhook: {
      const SecretText& url = target.webhook.url;
      if (url.is_reference()) return "the URL in " + escaped(where_is(url), 200);
      const auto parsed = parse_url(url.text);
      return parsed ? parsed->origin() : "a URL that cannot be used";
    }
    case NotifyTarget::Kind::command:
      return "command " + escaped(target.command.empty() ? "" : target.command.front(), 200);
    case NotifyTarget::Kind::email:
      return "email to " + escaped(join(target.email.to, ", "), 200);
  }
  return {};
}

}  // namespace sitewide
