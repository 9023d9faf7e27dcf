// SftpClient: requests to an SFTP server and what it answers. Version 3, with OpenSSH's extensions
// where the server has them.
//
// Threads: one at a time; every call blocks, for as long as its link does. Once it is gone
// (is_gone) the client is of no further use.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ssh/fault.h"
#include "adapters/ssh/sftp_packet.h"
#include "orchestrator/base/result.h"

namespace sitewide::ssh {

/// The bytes between the two sides.
class SftpLink {
 public:
  virtual ~SftpLink() = default;
  /// Sends all of them.
  virtual std::optional<Fault> send(std::string_view bytes) = 0;
  /// Waits for bytes and adds them to `received`.
  virtual std::optional<Fault> receive(std::string& received) = 0;
};

/// What a server says of a request: `ok`, or why not.
struct SftpAnswer {
  SftpStatus status = SftpStatus::ok;
  std::string words;  ///< the server's own, of a status that is not ok; not escaped

  bool ok() const { return status == SftpStatus::ok; }
};

/// A file or folder that the server has open for us.
using SftpHandle = std::string;

class SftpClient {
 public:
  explicit SftpClient(SftpLink& link) : link_(link) {}

  /// Says hello. Must be the first call.
  Result<> begin();
  /// Whether the server has an extension, such as `posix-rename@openssh.com`.
  bool offers(std::string_view extension) const { return extensions_.count(extension) != 0; }

  /// Whether its link failed, or the server does not speak SFTP. An Error of kind unreachable alone
  /// does not say so: the client's root may be missing.
  bool is_gone() const { return is_gone_; }
  /// How many requests were answered so far.
  std::uint64_t answered() const { return answered_; }

  /// Of each path, asked for in one go: what it is, links not followed (but in the first). Nothing
  /// when there is no such file.
  Result<std::vector<std::optional<SftpAttributes>>> look(const std::vector<std::string>& paths);
  Result<SftpAnswer> open(const std::string& path, std::uint32_t flags,
                          const SftpAttributes& attributes, SftpHandle& handle);
  /// A server that writes late says only now that it could not.
  Result<SftpAnswer> close(const SftpHandle& handle);
  Result<SftpAttributes> attributes_of(const SftpHandle& handle);
  /// Reads from `offset` to the end and gives the bytes to `take`, in order, until it says false.
  Result<SftpAnswer> read(const SftpHandle& handle, std::uint64_t offset,
                          const std::function<bool(std::string_view)>& take);
  Result<SftpAnswer> write(const SftpHandle& handle, std::string_view bytes);
  /// The names in a folder, without `.` and `..`. More than 200,000 or 64 MiB are an error.
  Result<SftpAnswer> list(const std::string& folder, std::vector<std::string>& names);

  Result<SftpAnswer> set(const std::string& path, const SftpAttributes& attributes);
  Result<SftpAnswer> set_open(const SftpHandle& handle, const SftpAttributes& attributes);
  Result<SftpAnswer> make_folder(const std::string& path, const SftpAttributes& attributes);
  Result<SftpAnswer> remove(const std::string& path);
  /// Gives a file another name; over nothing.
  Result<SftpAnswer> rename(const std::string& from, const std::string& to);
  /// The same over what stands there, in one step. Only with posix-rename@openssh.com.
  Result<SftpAnswer> replace(const std::string& from, const std::string& to);
  /// Makes an open file durable, where the server has fsync@openssh.com; else it is left out.
  Result<SftpAnswer> sync(const SftpHandle& handle);
  /// Free bytes for us where an open file lies; nothing when the server does not say.
  Result<std::optional<std::uint64_t>> room(const SftpHandle& handle);

 private:
  struct Reply {
    SftpKind kind{};
    std::string fields;  ///< after the request's number
  };
  Result<> post(const SftpWriter& packet);
  Result<Reply> reply_to(std::uint32_t id);
  /// A request begins with its kind and its number, which is last_id_ then, and is sent.
  SftpWriter request(SftpKind kind);
  Result<SftpAnswer> status_of(const SftpWriter& packet);
  Result<std::string> next_packet();
  Error broken();
  Error lost(const Fault& fault);

  SftpLink& link_;
  std::set<std::string, std::less<>> extensions_;
  std::string received_;
  std::set<std::uint32_t> open_;            // requests that are not answered; nothing else is taken
  std::map<std::uint32_t, Reply> waiting_;  // answers that came before their turn
  std::uint32_t last_id_ = 0;
  std::uint64_t answered_ = 0;
  bool is_gone_ = false;
};

}  // namespace sitewide::ssh
