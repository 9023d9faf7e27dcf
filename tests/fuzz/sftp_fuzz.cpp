// What an SFTP server answers: any bytes come to an answer or an Error, in bounded time and memory,
// and no name of a folder leads out of it.
#include "adapters/ssh/sftp_client.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

// A server that says one packet after another, whatever it is asked, and then goes.
class Scripted : public ssh::SftpLink {
 public:
  explicit Scripted(std::string_view words) : words_(words) {}
  std::optional<ssh::Fault> send(std::string_view) override { return std::nullopt; }
  std::optional<ssh::Fault> receive(std::string& received) override {
    if (words_.empty()) return ssh::Fault{ssh::Fault::Kind::lost, "it went"};
    std::string rest(words_);
    bool broken = false;
    [[maybe_unused]] const auto packet = ssh::take_sftp_packet(rest, broken);
    const std::size_t size =
        broken || rest.size() == words_.size() ? words_.size() : words_.size() - rest.size();
    received += words_.substr(0, size);
    words_.remove_prefix(size);
    return std::nullopt;
  }

 private:
  std::string_view words_;
};

void attributes_come_back(std::string_view input) {
  ssh::SftpReader reader(input);
  const ssh::SftpAttributes read = reader.attributes();
  if (!reader.complete()) return;
  const std::string written =
      ssh::SftpWriter(ssh::SftpKind::attributes).attributes(read).finished();
  ssh::SftpReader again(std::string_view(written).substr(5));
  const ssh::SftpAttributes same = again.attributes();
  holds(again.complete() && again.at_end() && same.size == read.size && same.owner == read.owner &&
            same.mode == read.mode && same.times == read.times,
        "attributes are read as they are written", input);
}

}  // namespace

void sftp(std::string_view input) {
  attributes_come_back(input);
  Scripted link(input);
  ssh::SftpClient client(link);
  if (!client.begin()) return;
  if (const auto looked = client.look({"/", "/a"}))
    holds(looked->size() == 2, "each path has its answer", input);
  ssh::SftpHandle handle;
  std::size_t read = 0;
  if (client.open("/a", ssh::kSftpRead, {}, handle)) {
    const auto take = [&read](std::string_view bytes) {
      read += bytes.size();
      return true;
    };
    if (client.read(handle, 0, take)) {
      holds(read <= input.size(), "nothing is read that was not sent", input);
    }
  }
  std::vector<std::string> names;
  if (client.list("/", names)) {
    for (const std::string& name : names)
      holds(name != ".." && name.find('/') == std::string::npos, "a name is one name", name);
  }
}

}  // namespace sitewide::fuzz
