#include "adapters/openssh/program_link.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "adapters/openssh/messages.h"
#include "adapters/spawn.h"
#include "orchestrator/base/text.h"

namespace sitewide::openssh {
namespace {

using ssh::Clock;
using ssh::Fault;
using std::chrono::milliseconds;

constexpr std::size_t kMostPrinted = std::size_t{16} << 10;
constexpr milliseconds kLastWords{2000};  // from the end of its output to its own

// A file in memory that does not grow: a client must not fill our memory through what ssh prints of
// its words. Writing what does not fit fails, which ssh takes no notice of.
Result<Descriptor> bounded_file() {
  Descriptor file(::memfd_create("errors", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const bool is_bounded = file.is_open() && ::ftruncate(file.get(), kMostPrinted) == 0 &&
                          ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SEAL) == 0;
  if (is_bounded) return file;
  return Error{ErrorKind::io, "no file in memory for what ssh says"};
}

}  // namespace

Result<std::unique_ptr<ProgramLink>> ProgramLink::start(const Argv& argv, std::string host) {
  std::unique_ptr<ProgramLink> link(new ProgramLink(std::move(host)));
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{ErrorKind::io, "no socket for " + argv.front()};
  link->stream_ = Descriptor(ends[0]);
  const Descriptor its_end(ends[1]);
  auto errors = bounded_file();
  if (!errors) return errors.error();
  link->errors_ = std::move(*errors);
  const std::string folder;
  const std::map<std::string, std::string> environment;
  const Spawned spawned = spawn({.argv = argv,
                                 .folder = folder,
                                 .environment = environment,
                                 .input = its_end.get(),
                                 .output = its_end.get(),
                                 .errors = link->errors_.get()});
  if (spawned.pid < 0)
    return Error{ErrorKind::denied, spawned.reason + "; `via: openssh` needs the program ssh"};
  link->program_ = Child(spawned);
  return link;
}

void ProgramLink::set_deadline(ssh::Deadline deadline, std::shared_ptr<ssh::Stopper> stopper,
                               ssh::Deadline first_by) {
  deadline_ = deadline;
  first_by_ = first_by;
  stopper_ = std::move(stopper);
}

std::optional<Fault> ProgramLink::wait_for(short events) {
  for (;;) {
    if (stopper_ && stopper_->stopped()) return Fault{Fault::Kind::stopped, host_ + ": stopped"};
    const ssh::Deadline by = std::min(deadline_, first_by_);
    const auto left = std::chrono::ceil<milliseconds>(by - Clock::now());
    if (left <= milliseconds::zero())
      return Fault{Fault::Kind::late, host_ + ": no answer in time"};
    pollfd looks[2] = {{.fd = stream_.get(), .events = events, .revents = 0},
                       {.fd = stopper_ ? stopper_->wake() : -1, .events = POLLIN, .revents = 0}};
    const auto patience = std::min<milliseconds>(left, std::chrono::hours(1));
    const int ready = ::poll(looks, 2, static_cast<int>(patience.count()));
    if (ready < 0 && errno != EINTR) return why_it_ended();
    if (ready > 0 && looks[0].revents != 0) return std::nullopt;
  }
}

std::optional<Fault> ProgramLink::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (auto fault = wait_for(POLLOUT)) return fault;
    const ssize_t count =
        ::send(stream_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return why_it_ended();
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

std::optional<Fault> ProgramLink::receive(std::string& received) {
  char block[65536];
  for (;;) {
    if (auto fault = wait_for(POLLIN)) return fault;
    const ssize_t count = ::recv(stream_.get(), block, sizeof block, MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return why_it_ended();
    first_by_ = ssh::Deadline::max();
    received.append(block, static_cast<std::size_t>(count));
    return std::nullopt;
  }
}

std::string ProgramLink::printed() const {
  // Where it would write next: the program shares this file's position.
  const off_t end = ::lseek(errors_.get(), 0, SEEK_CUR);
  std::string text(end < 0 ? 0 : std::min<std::size_t>(end, kMostPrinted), '\0');
  const ssize_t count = ::pread(errors_.get(), text.data(), text.size(), 0);
  text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return text;
}

Fault ProgramLink::why_it_ended() {
  program_.ends_within(kLastWords);
  if (auto fault = fault_in(printed(), host_)) return *fault;
  const int exit_code = program_.exit_code();
  const std::string code = exit_code < 0 ? "" : " (exit " + std::to_string(exit_code) + ")";
  return Fault{Fault::Kind::lost, host_ + ": its SFTP server ended" + code};
}

}  // namespace sitewide::openssh
