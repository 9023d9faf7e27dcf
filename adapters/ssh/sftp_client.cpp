#include "adapters/ssh/sftp_client.h"

#include <algorithm>
#include <deque>

#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

constexpr std::uint32_t kVersion = 3;
constexpr std::uint32_t kPiece = 32768;      // what every server reads and writes at a time
constexpr std::size_t kPiecesAtOnce = 16;    // asked for before the first has come
constexpr std::size_t kMostNames = 200'000;  // of one folder
constexpr std::size_t kMostNameBytes = std::size_t{64} << 20;

SftpAnswer answer_in(std::string_view fields) {
  SftpReader reader(fields);
  SftpAnswer answer;
  answer.status = static_cast<SftpStatus>(reader.number());
  if (!reader.complete()) answer.status = SftpStatus::failure;
  answer.words = std::string(reader.text());
  return answer;
}

}  // namespace

Error SftpClient::broken() {
  is_gone_ = true;
  return Error{ErrorKind::unreachable, "the SFTP server sends what is not SFTP"};
}

Error SftpClient::lost(const Fault& fault) {
  is_gone_ = true;
  const bool denied = fault.kind == Fault::Kind::denied;
  return Error{denied ? ErrorKind::denied : ErrorKind::unreachable, fault.reason};
}

Result<std::string> SftpClient::next_packet() {
  for (;;) {
    bool is_broken = false;
    auto packet = take_sftp_packet(received_, is_broken);
    if (is_broken) return broken();
    if (packet) return std::move(*packet);
    if (const auto fault = link_.receive(received_)) return lost(*fault);
  }
}

Result<> SftpClient::begin() {
  if (auto sent = post(SftpWriter(SftpKind::init).number(kVersion)); !sent) return sent;
  const auto packet = next_packet();
  if (!packet) return packet.error();
  SftpReader reader(*packet);
  const bool is_version = reader.byte() == static_cast<std::uint8_t>(SftpKind::version);
  if (!is_version || reader.number() < kVersion || !reader.complete()) return broken();
  while (!reader.at_end() && reader.complete()) {
    extensions_.emplace(reader.text());
    reader.text();
  }
  return {};
}

Result<> SftpClient::post(const SftpWriter& packet) {
  if (const auto fault = link_.send(packet.finished())) return lost(*fault);
  return {};
}

SftpWriter SftpClient::request(SftpKind kind) {
  SftpWriter packet(kind);
  packet.number(++last_id_);
  open_.insert(last_id_);
  return packet;
}

Result<SftpClient::Reply> SftpClient::reply_to(std::uint32_t id) {
  for (;;) {
    if (const auto found = waiting_.find(id); found != waiting_.end()) {
      Reply reply = std::move(found->second);
      waiting_.erase(found);
      ++answered_;
      return reply;
    }
    auto packet = next_packet();
    if (!packet) return packet.error();
    SftpReader reader(*packet);
    Reply reply;
    reply.kind = static_cast<SftpKind>(reader.byte());
    const std::uint32_t of = reader.number();
    // A server that sends what nobody asked for could fill our memory.
    if (!reader.complete() || open_.erase(of) == 0) return broken();
    reply.fields = packet->substr(5);
    waiting_[of] = std::move(reply);
  }
}

Result<SftpAnswer> SftpClient::status_of(const SftpWriter& packet) {
  if (auto sent = post(packet); !sent) return sent.error();
  const auto reply = reply_to(last_id_);
  if (!reply) return reply.error();
  if (reply->kind != SftpKind::status) return broken();
  return answer_in(reply->fields);
}

Result<std::vector<std::optional<SftpAttributes>>> SftpClient::look(
    const std::vector<std::string>& paths) {
  std::vector<std::uint32_t> ids(paths.size());
  std::string packets;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const SftpKind kind = i == 0 ? SftpKind::stat : SftpKind::lstat;
    packets += request(kind).text(paths[i]).finished();
    ids[i] = last_id_;
  }
  if (const auto fault = link_.send(packets)) return lost(*fault);
  std::vector<std::optional<SftpAttributes>> found(paths.size());
  std::optional<Error> failed;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto reply = reply_to(ids[i]);
    if (!reply) return reply.error();
    SftpReader reader(reply->fields);
    if (reply->kind == SftpKind::attributes) {
      found[i] = reader.attributes();
      if (!reader.complete() || !found[i]->mode) return broken();
      continue;
    }
    if (reply->kind != SftpKind::status) return broken();
    const SftpAnswer answer = answer_in(reply->fields);
    if (answer.status == SftpStatus::no_such_file) continue;
    // Below a file that is no folder, or one that is not to be entered, nothing can be said.
    if (!failed)
      failed = Error{ErrorKind::io, escaped(paths[i]) + ": " + escaped(answer.words, 100)};
    if (i == 0 || found[i - 1]) return *failed;
  }
  return found;
}

Result<SftpAnswer> SftpClient::open(const std::string& path, std::uint32_t flags,
                                    const SftpAttributes& attributes, SftpHandle& handle) {
  const auto packet = request(SftpKind::open).text(path).number(flags).attributes(attributes);
  if (auto sent = post(packet); !sent) return sent.error();
  const auto reply = reply_to(last_id_);
  if (!reply) return reply.error();
  if (reply->kind == SftpKind::status) return answer_in(reply->fields);
  SftpReader reader(reply->fields);
  handle = std::string(reader.text());
  if (reply->kind != SftpKind::handle || !reader.complete()) return broken();
  return SftpAnswer{};
}

Result<SftpAnswer> SftpClient::close(const SftpHandle& handle) {
  return status_of(request(SftpKind::close).text(handle));
}

Result<SftpAttributes> SftpClient::attributes_of(const SftpHandle& handle) {
  if (auto sent = post(request(SftpKind::fstat).text(handle)); !sent) return sent.error();
  const auto reply = reply_to(last_id_);
  if (!reply) return reply.error();
  SftpReader reader(reply->fields);
  if (reply->kind == SftpKind::status) {
    return Error{ErrorKind::io, escaped(answer_in(reply->fields).words, 100)};
  }
  const SftpAttributes attributes = reader.attributes();
  if (reply->kind != SftpKind::attributes || !reader.complete() || !attributes.mode)
    return broken();
  return attributes;
}

Result<SftpAnswer> SftpClient::read(const SftpHandle& handle, std::uint64_t offset,
                                    const std::function<bool(std::string_view)>& take) {
  struct Piece {
    std::uint32_t id;
    std::uint64_t at;
  };
  std::deque<Piece> asked;
  std::uint64_t next = offset;  // the first byte not asked for
  bool wanted = true;
  SftpAnswer answer;
  // One piece, then twice as many each time: most files are small.
  for (std::size_t at_once = 1; wanted || !asked.empty();) {
    for (; wanted && asked.size() < at_once; next += kPiece) {
      const auto packet = request(SftpKind::read).text(handle).long_number(next).number(kPiece);
      if (auto sent = post(packet); !sent) return sent.error();
      asked.push_back({last_id_, next});
    }
    if (asked.empty()) break;
    const Piece piece = asked.front();
    asked.pop_front();
    const auto reply = reply_to(piece.id);
    if (!reply) return reply.error();
    if (!wanted) continue;
    if (reply->kind == SftpKind::status) {
      wanted = false;
      answer = answer_in(reply->fields);
      if (answer.status == SftpStatus::end_of_file) answer = {};
      continue;
    }
    SftpReader reader(reply->fields);
    const std::string_view bytes = reader.text();
    if (reply->kind != SftpKind::data || !reader.complete() || bytes.empty()) return broken();
    if (bytes.size() > kPiece) return broken();
    wanted = take(bytes);
    at_once = std::min(at_once * 2, kPiecesAtOnce);
    if (bytes.size() == kPiece || !wanted) continue;
    // A short piece: the end, or a server that gives less at a time. What was asked for after it
    // leaves a gap, so it is asked for again.
    for (const Piece& later : asked) {
      if (const auto dropped = reply_to(later.id); !dropped) return dropped.error();
    }
    asked.clear();
    next = piece.at + bytes.size();
  }
  return answer;
}

Result<SftpAnswer> SftpClient::write(const SftpHandle& handle, std::string_view bytes) {
  std::deque<std::uint32_t> asked;
  SftpAnswer answer;
  std::uint64_t offset = 0;
  while (!bytes.empty() || !asked.empty()) {
    while (!bytes.empty() && asked.size() < kPiecesAtOnce && answer.ok()) {
      const std::string_view piece = bytes.substr(0, kPiece);
      const auto packet = request(SftpKind::write).text(handle).long_number(offset).text(piece);
      if (auto sent = post(packet); !sent) return sent.error();
      asked.push_back(last_id_);
      offset += piece.size();
      bytes.remove_prefix(piece.size());
    }
    if (asked.empty()) break;
    const auto reply = reply_to(asked.front());
    if (!reply) return reply.error();
    if (reply->kind != SftpKind::status) return broken();
    if (answer.ok()) answer = answer_in(reply->fields);
    asked.pop_front();
  }
  return answer;
}

Result<SftpAnswer> SftpClient::list(const std::string& folder, std::vector<std::string>& names) {
  if (auto sent = post(request(SftpKind::opendir).text(folder)); !sent) return sent.error();
  const auto opened = reply_to(last_id_);
  if (!opened) return opened.error();
  if (opened->kind == SftpKind::status) return answer_in(opened->fields);
  const std::string handle(SftpReader(opened->fields).text());
  SftpAnswer answer;
  std::size_t bytes = 0;
  while (answer.ok()) {
    if (auto sent = post(request(SftpKind::readdir).text(handle)); !sent) return sent.error();
    const auto reply = reply_to(last_id_);
    if (!reply) return reply.error();
    if (reply->kind == SftpKind::status) {
      answer = answer_in(reply->fields);
      continue;
    }
    SftpReader reader(reply->fields);
    if (reply->kind != SftpKind::name) return broken();
    for (std::uint32_t left = reader.number(); left > 0 && reader.complete(); --left) {
      std::string name(reader.text());
      reader.text();
      reader.attributes();
      // A name is one name: a server that says otherwise must not lead anybody elsewhere.
      bytes += name.size();
      const bool is_name = !name.empty() && name.find_first_of("/\\") == std::string::npos;
      if (is_name && name != "." && name != "..") names.push_back(std::move(name));
    }
    const bool too_many = names.size() > kMostNames || bytes > kMostNameBytes;
    if (!reader.complete() || too_many) return broken();
  }
  if (answer.status == SftpStatus::end_of_file) answer = {};
  if (const auto closed = close(handle); !closed) return closed.error();
  return answer;
}

Result<SftpAnswer> SftpClient::set(const std::string& path, const SftpAttributes& attributes) {
  return status_of(request(SftpKind::setstat).text(path).attributes(attributes));
}

Result<SftpAnswer> SftpClient::set_open(const SftpHandle& handle,
                                        const SftpAttributes& attributes) {
  return status_of(request(SftpKind::fsetstat).text(handle).attributes(attributes));
}

Result<SftpAnswer> SftpClient::make_folder(const std::string& path,
                                           const SftpAttributes& attributes) {
  return status_of(request(SftpKind::mkdir).text(path).attributes(attributes));
}

Result<SftpAnswer> SftpClient::remove(const std::string& path) {
  return status_of(request(SftpKind::remove).text(path));
}

Result<SftpAnswer> SftpClient::rename(const std::string& from, const std::string& to) {
  return status_of(request(SftpKind::rename).text(from).text(to));
}

Result<SftpAnswer> SftpClient::replace(const std::string& from, const std::string& to) {
  return status_of(
      request(SftpKind::extended).text("posix-rename@openssh.com").text(from).text(to));
}

Result<SftpAnswer> SftpClient::sync(const SftpHandle& handle) {
  if (!offers("fsync@openssh.com")) return SftpAnswer{};
  return status_of(request(SftpKind::extended).text("fsync@openssh.com").text(handle));
}

Result<std::optional<std::uint64_t>> SftpClient::room(const SftpHandle& handle) {
  if (!offers("fstatvfs@openssh.com")) return std::optional<std::uint64_t>();
  const auto packet = request(SftpKind::extended).text("fstatvfs@openssh.com").text(handle);
  if (auto sent = post(packet); !sent) return sent.error();
  const auto reply = reply_to(last_id_);
  if (!reply) return reply.error();
  if (reply->kind != SftpKind::extended_reply) return std::optional<std::uint64_t>();
  SftpReader reader(reply->fields);
  reader.long_number();  // the block that is best for reading
  const std::uint64_t block = reader.long_number();
  reader.long_number();  // blocks in all
  reader.long_number();  // free for the superuser
  const std::uint64_t blocks = reader.long_number();
  if (!reader.complete()) return broken();
  return std::optional(block * blocks);
}

}  // namespace sitewide::ssh
