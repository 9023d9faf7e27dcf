#include "orchestrator/views/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

std::string first_of(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = variable(name); !value.empty()) return value;
  }
  return {};
}

}  // namespace

Screen judge_screen(const ScreenFacts& facts) {
  Screen screen;
  const bool able = facts.terminal && !facts.term.empty() && facts.term != "dumb";
  screen.live = able && facts.ci.empty();
  const bool forced = !facts.force_color.empty() && facts.force_color != "0";
  screen.colour = facts.no_color.empty() && (able || forced);
  const std::string locale = to_lower(facts.locale);
  const bool utf8 =
      locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  // The kernel's own console has few glyphs.
  if (utf8 && facts.term != "linux") screen.charset = Charset::utf8;
  return screen;
}

Screen screen_of(int fd) {
  ScreenFacts facts;
  facts.terminal = isatty(fd) == 1;
  facts.term = variable("TERM");
  facts.no_color = variable("NO_COLOR");
  facts.force_color = first_of({"CLICOLOR_FORCE", "FORCE_COLOR"});
  facts.ci = variable("CI");
  facts.locale = first_of({"LC_ALL", "LC_CTYPE", "LANG"});
  return judge_screen(facts);
}

ScreenSize size_of_screen(int fd) {
  ScreenSize size;
  winsize window{};
  if (ioctl(fd, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_row > 0) {
    size.columns = window.ws_col;
    size.rows = window.ws_row;
  }
  return size;
}

}  // namespace sitewide
