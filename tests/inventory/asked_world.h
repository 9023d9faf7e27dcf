// A plan over folders of this machine whose inventory is asked for: the smallest whole rollout.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/lab.h"
#include "tests/support/program.h"

namespace sitewide::test {

class AskedWorld {
 public:
  /// `inventory` is the plan's list; `select` the selector of its one group.
  explicit AskedWorld(const std::string& inventory, const std::string& select = "name") {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "sitewide-inventory.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    root_ = pattern;
    plan(inventory, select);
  }
  ~AskedWorld() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  AskedWorld(const AskedWorld&) = delete;
  AskedWorld& operator=(const AskedWorld&) = delete;

  void plan(const std::string& inventory, const std::string& select = "name") {
    write_file(root_ / "plan.yaml", "version: 1\nname: asked\ninventory:\n" + inventory +
                                        "transports:\n"
                                        "  here: {type: local, root: \"clients/{client.name}\"}\n"
                                        "groups:\n"
                                        "  - name: all\n"
                                        "    select: '" +
                                        select +
                                        "'\n"
                                        "    method: command\n"
                                        "    attempts: 1\n"
                                        "    strict: false\n"
                                        "    in_flight: 200\n"
                                        "    command: {upgrade: [touch, \"done\"]}\n");
  }
  void file(const std::string& name, const std::string& text, bool executable = false) const {
    write_file(root_ / name, text);
    if (executable)
      std::filesystem::permissions(root_ / name, std::filesystem::perms::owner_exec,
                                   std::filesystem::perm_options::add);
  }
  void client(const std::string& name) const {
    std::filesystem::create_directories(root_ / "clients" / name);
  }
  bool upgraded(const std::string& name) const {
    return std::filesystem::exists(root_ / "clients" / name / "done");
  }
  const std::filesystem::path& root() const { return root_; }

  Finished run(std::vector<std::string> arguments,
               const std::map<std::string, std::string>& environment = {}) const {
    for (std::string& argument : arguments) {
      if (argument == "PLAN") argument = (root_ / "plan.yaml").string();
      if (argument == "SAVED") argument = (root_ / "saved").string();
    }
    arguments.insert(arguments.begin(), {"--state-dir", (root_ / "state").string()});
    return Program(sitewide_argv(std::move(arguments)), environment)
        .finish(std::chrono::seconds(120));
  }

 private:
  std::filesystem::path root_;
};

}  // namespace sitewide::test
