// A real smbd on a free port of 127.0.0.1 for a test, with a configuration, accounts and state of
// its own below one folder; ended, with all it started, when the object goes. Needs root: smbd
// becomes the user who logs in.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace sitewide::test {

struct SmbShare {
  std::string name;
  std::filesystem::path folder;
  bool read_only = false;
  bool guests = false;  ///< everybody may use it; else the one user
};

class SmbServer {
 public:
  static constexpr const char* kUser = "sitewide-smb";  ///< a Unix account, made once
  static constexpr const char* kPassword = "Geh heim; \"%\" 2";

  /// Why no server can be run here; empty when one can.
  static std::string missing();

  SmbServer(const std::filesystem::path& folder, const std::vector<SmbShare>& shares);
  ~SmbServer();
  SmbServer(const SmbServer&) = delete;
  SmbServer& operator=(const SmbServer&) = delete;

  int port() const { return port_; }
  /// `smb://127.0.0.1:PORT/SHARE`.
  std::string url(const std::string& share) const;

  /// Ends it, as a server that is switched off; start() has it come back on the same port.
  void stop();
  void start();
  /// Every process of it stands still, or goes on: a server that answers nothing.
  void freeze();
  void thaw();

 private:
  void signal_all(int number) const;

  std::filesystem::path folder_;
  int port_ = 0;
  int input_ = -1;  // smbd ends when it does
  pid_t pid_ = -1;
};

/// A file system of `kib` KiB at `folder`, which fills up soon; unmounted when it goes.
class TinyDisk {
 public:
  TinyDisk(std::filesystem::path folder, int kib);
  ~TinyDisk();
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;
  bool is_mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

/// How many smbclient processes are children of `ancestor`.
std::size_t smbclients_of(pid_t ancestor);
/// How many processes have the argument in their command line.
std::size_t programs_with(const std::string& argument);

}  // namespace sitewide::test
