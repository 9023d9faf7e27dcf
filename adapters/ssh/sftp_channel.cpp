#include "adapters/ssh/sftp_channel.h"

#include <algorithm>
#include <utility>

namespace sitewide::ssh {
namespace {

constexpr std::size_t kMostArrived = 64 * kLongestSftpPacket;

}  // namespace

SftpChannel::SftpChannel(Session& session)
    : session_(session), channel_(session), client_(static_cast<SftpLink&>(*this)) {
  channel_.on_output = [this](std::string_view bytes, bool is_error) {
    if (!is_error) arrived_ += bytes;  // what a server says beside is not the protocol
  };
}

SftpChannel::~SftpChannel() = default;

void SftpChannel::set_deadline(Deadline deadline, const std::shared_ptr<Stopper>& stopper,
                               Deadline first_by) {
  deadline_ = deadline;
  first_by_ = first_by;
  stopper_ = stopper;
}

std::optional<Fault> SftpChannel::start(Deadline deadline,
                                        const std::shared_ptr<Stopper>& stopper) {
  set_deadline(deadline, stopper);
  if (auto fault = channel_.open(deadline, stopper.get())) return fault;
  if (auto fault = channel_.start_subsystem("sftp", deadline, stopper.get())) {
    if (fault->kind == Fault::Kind::lost) fault->kind = Fault::Kind::unreachable;
    return fault;
  }
  const auto begun = client_.begin();
  if (begun) return std::nullopt;
  return Fault{Fault::Kind::unreachable, begun.error().message};
}

std::optional<Fault> SftpChannel::wait(const char* doing) {
  const Deadline by = std::min(deadline_, first_by_);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(by - Clock::now());
  const std::string& place = session_.place();
  if (left.count() <= 0) {
    return Fault{Fault::Kind::late, place + " did not go on in time while files were " + doing};
  }
  const bool is_there = channel_.wait(left, stopper_.get());
  if (stopper_ && stopper_->stopped()) return Fault{Fault::Kind::stopped, "stopped"};
  // While we send, nobody takes what comes.
  if (arrived_.size() > kMostArrived)
    return Fault{Fault::Kind::lost, place + " sends more than was asked for"};
  if (is_there && !channel_.closed()) return std::nullopt;
  return Fault{Fault::Kind::lost, place + ": the connection was lost while files were " + doing};
}

std::optional<Fault> SftpChannel::send(std::string_view bytes) {
  for (;;) {
    bytes.remove_prefix(channel_.write(bytes));
    if (bytes.empty()) return std::nullopt;
    if (auto fault = wait("sent")) return fault;
  }
}

std::optional<Fault> SftpChannel::receive(std::string& received) {
  while (arrived_.empty()) {
    if (auto fault = wait("asked for")) return fault;
  }
  first_by_ = Deadline::max();
  received += std::exchange(arrived_, {});
  return std::nullopt;
}

}  // namespace sitewide::ssh
