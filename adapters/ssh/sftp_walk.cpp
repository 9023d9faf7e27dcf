#include "adapters/ssh/sftp_walk.h"

#include "adapters/client_path.h"
#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

Error refused(const std::string& name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

// The path of the root and those of everything on the way below it.
std::vector<std::string> paths_of(const std::string& root,
                                  const std::vector<std::string>& components) {
  std::vector<std::string> paths{root};
  for (const std::string& component : components) paths.push_back(joined(paths.back(), component));
  return paths;
}

}  // namespace

std::string joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

std::string SftpPlace::path() const { return joined(folder, name); }

Error sftp_error(const SftpAnswer& answer, const std::string& doing) {
  const std::string words =
      answer.words.empty()
          ? "SFTP status " + std::to_string(static_cast<std::uint32_t>(answer.status))
          : escaped(answer.words, 100);
  return Error{ErrorKind::io, doing + ": " + words};
}

Result<std::vector<std::string>> SftpWalk::names_in(const std::string& folder) {
  std::vector<std::string> names;
  const auto listed = client_.list(folder, names);
  if (!listed) return listed.error();
  if (!listed->ok()) return sftp_error(*listed, "cannot list folder " + escaped(folder));
  return names;
}

Result<std::optional<std::string>> SftpWalk::other_spelling(const std::string& folder,
                                                            const std::string& name) {
  auto names = names_in(folder);
  if (!names) return names.error();
  return only_spelling(std::move(*names), name);
}

// With the parent's mode, for whoever uses the parent is to use it too.
Result<> SftpWalk::make_folder(const std::string& parent, const std::string& path) {
  const auto around = client_.look({parent});
  if (!around) return around.error();
  SftpAttributes attributes;
  if (around->front()) attributes.mode = *around->front()->mode & 07777U;
  const auto made = client_.make_folder(path, attributes);
  if (!made) return made.error();
  if (!made->ok()) return sftp_error(*made, "cannot make folder " + escaped(path));
  // The server's umask was not asked for; one that sets no modes says no, and that is all right.
  const auto set = client_.set(path, attributes);
  if (!set) return set.error();
  return {};
}

// Goes down as far as things are there. The first `folders` components must be folders.
Result<SftpWalk::Found> SftpWalk::follow(std::vector<std::string>& components, std::size_t folders,
                                         bool create) {
  for (;;) {
    const auto paths = paths_of(root_, components);
    const auto looked = client_.look(paths);
    if (!looked) return looked.error();
    if (!looked->front() || !looked->front()->is_folder()) {
      return Error{
          ErrorKind::unreachable,
          "folder " + escaped(root_) + (looked->front() ? " is not a folder" : " is not there")};
    }
    Found found;
    found.paths.push_back(root_);
    bool again = false;
    for (std::size_t i = 0; i < components.size(); ++i) {
      std::optional<SftpAttributes> there = (*looked)[i + 1];
      if (!there) {
        const auto spelling = other_spelling(paths[i], components[i]);
        if (!spelling) return spelling.error();
        if (!*spelling && (!create || i >= folders)) return found;
        if (*spelling) {
          components[i] = **spelling;
        } else if (const auto made = make_folder(paths[i], paths[i + 1]); !made) {
          return made.error();
        }
        again = true;
        break;
      }
      if (there->is_link()) return refused(components[i], "is a link, which is not followed");
      if (i < folders && !there->is_folder()) return refused(components[i], "is not a folder");
      found.paths.push_back(paths[i + 1]);
      found.last = std::move(there);
    }
    if (!again) return found;
  }
}

Result<std::optional<SftpPlace>> SftpWalk::locate(std::string_view path, bool create) {
  auto components = split_client_path(path);
  if (!components) return components.error();
  if (components->empty()) return refused(std::string(path), "names no file");
  SftpPlace place;
  place.below = to_lower(join(*components, "/"));
  const std::size_t folders = components->size() - 1;
  auto found = follow(*components, folders, create);
  if (!found) return found.error();
  if (found->paths.size() <= folders) return std::optional<SftpPlace>();
  place.folder = found->paths[folders];
  place.name = components->back();
  if (found->paths.size() > folders + 1) place.found = std::move(found->last);
  return std::optional(std::move(place));
}

Result<std::optional<std::string>> SftpWalk::folder(std::string_view path) {
  auto components = split_client_path(path);
  if (!components) return components.error();
  const std::size_t folders = components->size();
  const auto found = follow(*components, folders, false);
  if (!found) return found.error();
  if (found->paths.size() <= folders) return std::optional<std::string>();
  return std::optional(found->paths.back());
}

}  // namespace sitewide::ssh
