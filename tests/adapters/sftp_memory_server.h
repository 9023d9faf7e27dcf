// A small SFTP server in memory, for what no real one does: it answers from a table of files, and
// does wrong what a test tells it to.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "adapters/ssh/sftp_client.h"

namespace sitewide::test {

class SftpMemoryServer : public ssh::SftpLink {
 public:
  std::map<std::string, std::string> files;  ///< by path; the folder `/` is there
  std::set<std::string> extensions{"posix-rename@openssh.com"};
  ssh::SftpStatus close_status = ssh::SftpStatus::ok;
  std::size_t takes = std::string::npos;  ///< of each file that is written, and says nothing of it
  std::string unasked;                    ///< packets that are sent before the next answer
  std::optional<ssh::Fault> fault;        ///< the connection is gone

  std::optional<ssh::Fault> send(std::string_view bytes) override;
  std::optional<ssh::Fault> receive(std::string& received) override;

 private:
  void answer(const std::string& packet);
  void say(ssh::SftpWriter& packet) { out_ += packet.finished(); }
  void say_status(std::uint32_t id, ssh::SftpStatus status);
  void say_handle(std::uint32_t id, const std::string& name);
  void say_attributes(std::uint32_t id, const std::string& path);

  std::string in_;
  std::string out_;
  std::map<std::string, std::string>::iterator listing_;
};

inline std::optional<ssh::Fault> SftpMemoryServer::send(std::string_view bytes) {
  if (fault) return fault;
  in_ += bytes;
  bool broken = false;
  while (auto packet = ssh::take_sftp_packet(in_, broken)) answer(*packet);
  return std::nullopt;
}

inline std::optional<ssh::Fault> SftpMemoryServer::receive(std::string& received) {
  if (fault) return fault;
  if (unasked.empty() && out_.empty())
    return ssh::Fault{ssh::Fault::Kind::lost, "nothing was asked for"};
  received += unasked + out_;
  unasked.clear();
  out_.clear();
  return std::nullopt;
}

inline void SftpMemoryServer::say_status(std::uint32_t id, ssh::SftpStatus status) {
  ssh::SftpWriter packet(ssh::SftpKind::status);
  packet.number(id).number(static_cast<std::uint32_t>(status)).text("so it is").text("");
  say(packet);
}

inline void SftpMemoryServer::say_handle(std::uint32_t id, const std::string& name) {
  ssh::SftpWriter packet(ssh::SftpKind::handle);
  packet.number(id).text(name);
  say(packet);
}

inline void SftpMemoryServer::say_attributes(std::uint32_t id, const std::string& path) {
  ssh::SftpAttributes attributes;
  const auto found = files.find(path);
  if (path == "/") {
    attributes.mode = 0040755U;
  } else if (found == files.end()) {
    return say_status(id, ssh::SftpStatus::no_such_file);
  } else {
    attributes.mode = 0100644U;
    attributes.size = found->second.size();
  }
  ssh::SftpWriter packet(ssh::SftpKind::attributes);
  packet.number(id).attributes(attributes);
  say(packet);
}

inline void SftpMemoryServer::answer(const std::string& packet) {
  ssh::SftpReader reader(packet);
  const auto kind = static_cast<ssh::SftpKind>(reader.byte());
  const std::uint32_t id = reader.number();
  if (kind == ssh::SftpKind::init) {
    ssh::SftpWriter version(ssh::SftpKind::version);
    version.number(3);
    for (const std::string& extension : extensions) version.text(extension).text("1");
    return say(version);
  }
  const std::string name(reader.text());  // a path; a handle is the path of its file
  switch (kind) {
    case ssh::SftpKind::stat:
    case ssh::SftpKind::lstat:
    case ssh::SftpKind::fstat:
      return say_attributes(id, name);
    case ssh::SftpKind::open: {
      const bool writes = (reader.number() & ssh::kSftpCreate) != 0;
      if (writes) files[name] = "";
      if (!files.contains(name)) return say_status(id, ssh::SftpStatus::no_such_file);
      return say_handle(id, name);
    }
    case ssh::SftpKind::opendir:
      listing_ = files.begin();
      return say_handle(id, name);
    case ssh::SftpKind::readdir: {  // one name a packet
      if (listing_ == files.end()) return say_status(id, ssh::SftpStatus::end_of_file);
      ssh::SftpWriter names(ssh::SftpKind::name);
      names.number(id).number(1).text(listing_->first.substr(1)).text("").attributes({});
      ++listing_;
      return say(names);
    }
    case ssh::SftpKind::read: {
      const std::uint64_t offset = reader.long_number();
      if (offset >= files[name].size()) return say_status(id, ssh::SftpStatus::end_of_file);
      ssh::SftpWriter data(ssh::SftpKind::data);
      data.number(id).text(files[name].substr(offset, reader.number()));
      return say(data);
    }
    case ssh::SftpKind::write: {
      const std::uint64_t offset = reader.long_number();
      std::string& file = files[name];
      file.resize(offset);  // it is written in order
      file = (file + std::string(reader.text())).substr(0, takes);
      return say_status(id, ssh::SftpStatus::ok);
    }
    case ssh::SftpKind::close:
      return say_status(id, close_status);
    case ssh::SftpKind::remove:
      return say_status(
          id, files.erase(name) != 0 ? ssh::SftpStatus::ok : ssh::SftpStatus::no_such_file);
    case ssh::SftpKind::rename:
    case ssh::SftpKind::extended: {
      const bool replaces = kind == ssh::SftpKind::extended;
      const std::string from = replaces ? std::string(reader.text()) : name;
      const std::string to(reader.text());
      const auto found = files.extract(from);
      if (found.empty() || (!replaces && files.contains(to)))
        return say_status(id, ssh::SftpStatus::failure);
      files[to] = found.mapped();
      return say_status(id, ssh::SftpStatus::ok);
    }
    default:
      return say_status(id, ssh::SftpStatus::ok);
  }
}

}  // namespace sitewide::test
