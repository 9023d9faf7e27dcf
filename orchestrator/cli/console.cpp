#include "orchestrator/cli/console.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "orchestrator/base/text.h"
#include "orchestrator/views/json_text.h"

namespace sitewide {
namespace {

std::string& lost_output() {
  static std::string why;
  return why;
}

// Whether all of it was written.
bool write_all(std::FILE* file, std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

}  // namespace

std::string pad(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

Console::Console(const Options& options) : json_(options.json), screen_(screen_of(STDOUT_FILENO)) {
  interactive_ = !json_ && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  if (json_ || options.progress == "plain" || options.progress == "none") screen_.live = false;
  if (!json_ && options.progress == "tty") screen_.live = true;
  if (options.colour != "auto") screen_.colour = options.colour == "always";
  if (options.ascii) screen_.charset = Charset::ascii;
}

void Console::out(std::string_view text) const {
  if (write_all(stdout, text) || errno == EPIPE || !lost_output().empty()) return;
  lost_output() = std::generic_category().message(errno);
}
const std::string& Console::output_lost() { return lost_output(); }
void Console::err(std::string_view text) const { write_all(stderr, text); }

void Console::line(std::string_view type, const boost::json::object& members) const {
  boost::json::object object{{"v", 1}, {"type", type}};
  for (const auto& [key, value] : members) object[key] = value;
  out(json_text(object) + "\n");
}

ExitCode Console::fail(const Error& error) const {
  const ExitCode code = exit_code_of(error.kind);
  if (json_) {
    line("error", {{"level", "error"},
                   {"msg", to_utf8(error.message)},
                   {"exit_code", static_cast<int>(code)}});
  } else {
    err("error: " + escaped(error.message) + "\n");
  }
  return code;
}

bool Console::confirm(const std::string& question) const {
  const auto answer = ask(question + " [y/N] ");
  if (!answer) return false;
  const std::string word = to_lower(*answer);
  return word == "y" || word == "yes";
}

std::optional<std::string> Console::ask(const std::string& question) const {
  if (!interactive_) return std::nullopt;
  err(escaped(question));
  std::string answer;
  if (!std::getline(std::cin, answer)) return std::nullopt;
  return std::string(trim(answer));
}

}  // namespace sitewide
