#include "tests/support/lab.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

std::string tool(const char* name) { return source_dir() + "/examples/lab/" + name; }

}  // namespace

Lab::Lab(std::vector<std::string> options, bool wine) {
  std::string pattern = (std::filesystem::temp_directory_path() / "sitewide-lab.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  root_ = pattern;
  std::vector<std::string> argv{tool("make-lab"), root().string()};
  argv.insert(argv.end(), options.begin(), options.end());
  if (!wine) argv.emplace_back("--no-wine");
  const Finished made = Program(argv).finish();
  if (made.exit_code != 0) throw std::runtime_error("make-lab: " + made.out + made.err);
}

Lab::~Lab() {
  rest();
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

void Lab::play() {
  world_ = std::make_unique<Program>(std::vector<std::string>{
      tool("lab-run"), root().string(), "--parent", std::to_string(getpid()), "--for", "300"});
  if (!world_->wait_for("lab is running", std::chrono::seconds(20)))
    throw std::runtime_error("lab-run did not start");
}

void Lab::rest() {
  if (!world_) return;
  world_->signal(SIGTERM);
  world_->finish(std::chrono::seconds(20));
  world_.reset();
}

void Lab::set(const std::string& name, const std::string& behaviour) {
  const Finished done =
      Program({tool("lab-ctl"), root().string(), "set", name, behaviour}).finish();
  if (done.exit_code != 0) throw std::runtime_error("lab-ctl: " + done.out + done.err);
}

void Lab::clear(const std::string& name) {
  const Finished done = Program({tool("lab-ctl"), root().string(), "clear", name}).finish();
  if (done.exit_code != 0) throw std::runtime_error("lab-ctl: " + done.out + done.err);
}

void Lab::edit_plan(const std::string& from, const std::string& to) const {
  std::string text = read_file(plan());
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the plan does not hold `" + from + "`");
  write_file(plan(), text.replace(at, from.size(), to));
}

std::vector<std::string> Lab::argv(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"--state-dir", state().string()});
  return sitewide_argv(std::move(arguments));
}

Finished Lab::run(std::vector<std::string> arguments) const {
  Program program(argv(std::move(arguments)));
  return program.finish(std::chrono::seconds(180));
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::map<std::string, std::string> tree_of(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> tree;
  std::error_code gone;  // the stand-ins may replace a file, or switch a client off, meanwhile
  fs::recursive_directory_iterator entries(root);
  for (; entries != fs::recursive_directory_iterator(); entries.increment(gone)) {
    if (!fs::is_regular_file(entries->symlink_status(gone))) continue;
    std::ifstream file(entries->path(), std::ios::binary);
    if (!file) continue;
    std::ostringstream bytes;
    bytes << file.rdbuf();
    tree[fs::relative(entries->path(), root, gone).string()] = bytes.str();
  }
  return tree;
}

}  // namespace sitewide::test
