// A web server for tests (http_server.py) on a port of its own of 127.0.0.1, and certificates made
// by the openssl program. Header only, so that tests of single folders can use it.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

extern char** environ;

namespace sitewide::test {

/// A key and a certificate for it that signs itself, valid for one name or address alone.
struct TestCertificate {
  TestCertificate(const std::filesystem::path& folder, const std::string& name)
      : certificate(folder / (name + ".pem")), key(folder / (name + ".key")) {
    const std::string subject =
        (name.find_first_not_of("0123456789.") == name.npos ? "IP:" : "DNS:") + name;
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
        "/CN=" +
        name + " -addext subjectAltName=" + subject + " -keyout " + key.string() + " -out " +
        certificate.string() + " 2>/dev/null";
    made = std::system(command.c_str()) == 0;
  }
  std::filesystem::path certificate;
  std::filesystem::path key;
  bool made = false;
};

class HttpServer {
 public:
  /// `port` 0: any free one.
  explicit HttpServer(std::filesystem::path log, const TestCertificate* tls = nullptr, int port = 0)
      : log_(std::move(log)) {
    std::vector<std::string> words = {"python3",
                                      SITEWIDE_SOURCE_DIR "/tests/support/http_server.py",
                                      log_.string(), "--port", std::to_string(port)};
    if (tls != nullptr) {
      words.push_back("--tls");
      words.push_back(tls->certificate.string());
      words.push_back(tls->key.string());
    }
    start(words);
  }
  ~HttpServer() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(input_);
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& path, const std::string& scheme = "http",
                  const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(port_) + path;
  }
  /// What came, a JSON object a request.
  std::vector<std::string> requests() const {
    std::ifstream file(log_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

 private:
  void start(std::vector<std::string>& words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<int, 2> out{};
    std::array<int, 2> in{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(in.data(), O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    std::string text;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) text += c;
    ::close(out[0]);
    port_ = text.empty() ? 0 : std::stoi(text);
  }

  std::filesystem::path log_;
  pid_t pid_ = -1;
  int input_ = -1;
  int port_ = 0;
};

}  // namespace sitewide::test
