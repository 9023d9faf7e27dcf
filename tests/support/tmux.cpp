#include "tests/support/tmux.h"

#include <stdlib.h>

#include <stdexcept>
#include <thread>

#include "orchestrator/base/text.h"
#include "tests/support/program.h"

namespace sitewide::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLookAgain = std::chrono::milliseconds(50);

}  // namespace

bool Tmux::is_there() { return Program({"sh", "-c", "command -v tmux"}).finish().exit_code == 0; }

Tmux::Tmux(int columns, int rows, const std::map<std::string, std::string>& environment) {
  std::string pattern = (std::filesystem::temp_directory_path() / "sitewide-tmux.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  folder_ = pattern;
  std::map<std::string, std::string> variables = {
      {"CI", ""}, {"NO_COLOR", ""}, {"LC_ALL", "C.UTF-8"}, {"PS1", "$ "}};
  for (const auto& [name, value] : environment) variables[name] = value;
  std::vector<std::string> arguments = {"new-session",           "-d", "-x",
                                        std::to_string(columns), "-y", std::to_string(rows)};
  for (const auto& [name, value] : variables) {
    arguments.emplace_back("-e");
    arguments.push_back(name + "=" + value);
  }
  arguments.insert(arguments.end(), {"bash", "--norc", "--noprofile"});
  ask(std::move(arguments));
  if (shows("$")) return;
  close();  // nobody else will: there is no object yet
  throw std::runtime_error("tmux shows no prompt");
}

Tmux::~Tmux() {
  close();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Tmux::close() {
  if (open_) ask({"kill-server"});
  open_ = false;
}

std::string Tmux::ask(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"tmux", "-u", "-f", "/dev/null", "-L", "screen"});
  Program tmux(std::move(arguments), {{"TMUX_TMPDIR", folder_.string()}, {"LC_ALL", "C.UTF-8"}});
  return tmux.finish().out;
}

void Tmux::type(const std::string& text) const { ask({"send-keys", "-l", text}); }

void Tmux::press(const std::vector<std::string>& keys) const {
  std::vector<std::string> arguments = {"send-keys"};
  arguments.insert(arguments.end(), keys.begin(), keys.end());
  ask(std::move(arguments));
}

void Tmux::command(const std::string& line) const {
  type(line);
  press({"Enter"});
}

void Tmux::resize(int columns, int rows) const {
  ask({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

std::vector<std::string> Tmux::lines() const {
  std::vector<std::string> lines;
  const std::string all = ask({"capture-pane", "-p"});
  for (std::string_view line : split(all, '\n')) {
    while (line.ends_with(' ')) line.remove_suffix(1);
    lines.emplace_back(line);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string Tmux::text() const { return join(lines(), "\n"); }

std::string Tmux::text_with_codes() const { return ask({"capture-pane", "-p", "-e"}); }

bool Tmux::shows(const std::string& text, std::chrono::seconds patience) const {
  const auto until = Clock::now() + patience;
  while (this->text().find(text) == std::string::npos) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(kLookAgain);
  }
  return true;
}

bool Tmux::hides(const std::string& text, std::chrono::seconds patience) const {
  const auto until = Clock::now() + patience;
  while (this->text().find(text) != std::string::npos) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(kLookAgain);
  }
  return true;
}

bool Tmux::cursor_shown() const {
  return ask({"display-message", "-p", "#{cursor_flag}"}).starts_with("1");
}

}  // namespace sitewide::test
