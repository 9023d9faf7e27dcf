// Finding a file below a client's root over SFTP: names case-blind, no link followed, never out of
// the root. What Files promises (adapters/files.h), as far as paths that a server resolves allow: a
// folder that somebody swaps for a link between our look and our use of it is not seen.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ssh/sftp_client.h"

namespace sitewide::ssh {

/// Where a file lies, or would lie.
struct SftpPlace {
  std::string folder;  ///< its path on the server
  std::string name;    ///< as it is written there, or as it was asked for when it is not there
  std::string below;   ///< the path below the root, in lower case: the same for every spelling
  std::optional<SftpAttributes> found;  ///< what stands there; never a link

  std::string path() const;
};

class SftpWalk {
 public:
  SftpWalk(SftpClient& client, const std::string& root) : client_(client), root_(root) {}

  /// Nothing when the file's folder is missing, unless `create`.
  Result<std::optional<SftpPlace>> locate(std::string_view path, bool create);
  /// The folder's path on the server; nothing when it is missing, or what is there is no folder.
  Result<std::optional<std::string>> folder(std::string_view path);
  /// The names in a folder on the server.
  Result<std::vector<std::string>> names_in(const std::string& folder);

 private:
  struct Found {
    std::vector<std::string> paths;  // of the root and each component that is there
    std::optional<SftpAttributes> last;
  };
  Result<Found> follow(std::vector<std::string>& components, std::size_t folders, bool create);
  Result<std::optional<std::string>> other_spelling(const std::string& folder,
                                                    const std::string& name);
  Result<> make_folder(const std::string& parent, const std::string& path);

  SftpClient& client_;
  const std::string& root_;
};

/// `folder/name`.
std::string joined(const std::string& folder, const std::string& name);
/// The Error for a request that the server did not carry out.
Error sftp_error(const SftpAnswer& answer, const std::string& doing);

}  // namespace sitewide::ssh
