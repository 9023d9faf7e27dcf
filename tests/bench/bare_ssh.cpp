// The limit that an orchestrator with libssh has: a pool of threads with one blocking session a
// client, host key checked, a command run, its output and exit code read; nothing written down.
// Prints `SECONDS CPU_SECONDS`.
// Usage: bare_ssh ADDRESSES PORT USER IDENTITY KNOWN_HOSTS IN_FLIGHT COMMAND
#include <libssh/libssh.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Job {
  std::vector<std::string> addresses;
  unsigned port = 0;
  std::string user, identity, known_hosts, command;
};

[[noreturn]] void fail(const char* what, ssh_session session) {
  std::fprintf(stderr, "bare_ssh: %s: %s\n", what, ssh_get_error(session));
  std::exit(1);
}

ssh_session connected(const Job& job, const std::string& address, ssh_key key) {
  const ssh_session session = ssh_new();
  const bool no = false;
  const int one = 1;
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set(session, SSH_OPTIONS_HOST, address.c_str());
  ssh_options_set(session, SSH_OPTIONS_PORT, &job.port);
  ssh_options_set(session, SSH_OPTIONS_USER, job.user.c_str());
  ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, job.known_hosts.c_str());
  ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  ssh_options_set(session, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256");
  ssh_options_set(session, SSH_OPTIONS_NODELAY, &one);
  if (ssh_connect(session) != SSH_OK) fail("connect", session);
  if (ssh_session_is_known_server(session) != SSH_KNOWN_HOSTS_OK) fail("host key", session);
  if (ssh_userauth_publickey(session, nullptr, key) != SSH_AUTH_SUCCESS) fail("login", session);
  return session;
}

void run(const Job& job, const std::string& address, ssh_key key) {
  const ssh_session session = connected(job, address, key);
  const ssh_channel channel = ssh_channel_new(session);
  if (ssh_channel_open_session(channel) != SSH_OK) fail("channel", session);
  if (ssh_channel_request_exec(channel, job.command.c_str()) != SSH_OK) fail("exec", session);
  std::array<char, 4096> buffer{};
  while (ssh_channel_read(channel, buffer.data(), buffer.size(), 0) > 0) {
  }
  if (ssh_channel_get_exit_status(channel) != 0) fail("exit code", session);
  ssh_channel_free(channel);
  ssh_disconnect(session);
  ssh_free(session);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void work(const Job& job, std::atomic<std::size_t>& next) {
  ssh_key key = nullptr;
  if (ssh_pki_import_privkey_file(job.identity.c_str(), nullptr, nullptr, nullptr, &key) != SSH_OK)
    std::exit(1);
  for (std::size_t at = next++; at < job.addresses.size(); at = next++)
    run(job, job.addresses[at], key);
  ssh_key_free(key);
}

}  // namespace

int main(int count, char** words) {
  if (count != 8) {
    std::fprintf(stderr,
                 "usage: bare_ssh ADDRESSES PORT USER IDENTITY KNOWN_HOSTS IN_FLIGHT COMMAND\n");
    return 2;
  }
  Job job;
  std::ifstream file(words[1]);
  for (std::string line; std::getline(file, line);) job.addresses.push_back(line);
  job.port = static_cast<unsigned>(std::atoi(words[2]));
  job.user = words[3];
  job.identity = words[4];
  job.known_hosts = words[5];
  job.command = words[7];
  const auto begin = std::chrono::steady_clock::now();
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(words[6]); ++i) threads.emplace_back([&] { work(job, next); });
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%.3f %.3f\n", taken.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime));
  return 0;
}
