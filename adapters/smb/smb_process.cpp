#include "adapters/smb/smb_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "adapters/smb/memory_file.h"
#include "adapters/smb/smb_answer.h"
#include "adapters/spawn.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A packet of a pipe, which is what smbclient reads at a time.
constexpr std::size_t kLongestCommand = 4000;
constexpr std::size_t kLongestAnswer = std::size_t{32} << 20;
constexpr milliseconds kLookAround{100};
constexpr std::string_view kNoCommand = ": command not found\n";

Error refuse(std::string why) { return {ErrorKind::refused, std::move(why)}; }
Error deny(std::string why) { return {ErrorKind::denied, std::move(why)}; }

/// A line that smbclient takes for no command.
Result<std::string> new_mark() {
  unsigned char random[16];
  if (::getrandom(random, sizeof random, 0) != static_cast<ssize_t>(sizeof random))
    return Error{ErrorKind::io, "no random numbers"};
  std::string mark = "sitewide-";
  for (const unsigned char byte : random) {
    mark += "0123456789abcdef"[byte >> 4U];
    mark += "0123456789abcdef"[byte & 15U];
  }
  return mark;
}

/// smbclient reads a line each, and takes blanks before a value for none.
std::string_view fault_of_value(std::string_view value) {
  if (value.find_first_of(std::string_view("\n\r\0", 3)) != std::string_view::npos)
    return "holds a line end";
  if (value.starts_with(' ') || value.starts_with('\t'))
    return "begins with a blank, which smbclient leaves out";
  return {};
}

Result<std::string> credentials_of(const SmbLogin& login, const std::string& password) {
  if (const auto fault = fault_of_value(login.user); !fault.empty())
    return deny("the user's name " + std::string(fault));
  if (const auto fault = fault_of_value(login.domain); !fault.empty())
    return deny("the domain " + std::string(fault));
  if (const auto fault = fault_of_value(password); !fault.empty())
    return deny("the password " + std::string(fault));
  std::string text = "username = " + login.user + "\npassword = " + password + "\n";
  if (!login.domain.empty()) text += "domain = " + login.domain + "\n";
  return text;
}

Argv argv_for(const SmbPlace& place, const SmbLogin& login, const std::string& credentials) {
  Argv argv{"smbclient",
            // All that is printed goes to one descriptor, unbuffered and in order.
            "--stderr",
            // Nothing of this machine's own configuration changes what is said or how it is signed.
            "--configfile=/dev/null", "--option=name resolve order=host",
            "--option=disable netbios=yes",
            std::string("--client-protection=") + (login.encrypt ? "encrypt" : "sign"),
            "--port=" + std::to_string(place.port), "//" + place.host + "/" + place.share};
  if (login.kerberos) argv.emplace_back("--use-kerberos=required");
  if (login.user.empty()) {
    argv.emplace_back(login.kerberos ? "--no-pass" : "--user=%");
  } else {
    argv.push_back("--authentication-file=" + credentials);
  }
  return argv;
}

/// Why it ended before it was logged in.
Error why_not(const std::string& share, const std::string& printed, const SmbLogin& login) {
  const std::string_view status = smb_status_in(printed);
  if (status.empty()) {
    const std::string line = escaped(trim(printed.substr(0, printed.find('\n'))), 200);
    return {ErrorKind::unreachable,
            share + ": smbclient ended" + (line.empty() ? std::string() : ": " + line)};
  }
  if (login.kerberos && printed.find("Kerberos auth") != std::string::npos)
    return deny(share + ": no Kerberos ticket that the server takes; see klist (" +
                std::string(status) + ")");
  return smb_error(status, share, SmbStage::connecting);
}

}  // namespace

Result<> SmbProcess::start(const SmbPlace& place, const SmbLogin& login,
                           const std::string& credentials) {
  int commands[2];
  int answers[2];
  // Packets: smbclient waits for its input to become readable before each line, and would wait for
  // ever behind a line that it has read along with the one before.
  if (::pipe2(commands, O_CLOEXEC | O_DIRECT) != 0)
    return Error{ErrorKind::io, "no pipe for smbclient"};
  const Descriptor commands_end(commands[0]);
  input_ = Descriptor(commands[1]);
  if (::pipe2(answers, O_CLOEXEC) != 0) return Error{ErrorKind::io, "no pipe for smbclient"};
  output_ = Descriptor(answers[0]);
  const Descriptor answers_end(answers[1]);
  const Argv argv = argv_for(place, login, credentials);
  // Times are told and taken in its own zone; USER with a `%` in it makes 4.17 crash, and with
  // Kerberos it is whose ticket is used.
  std::map<std::string, std::string> environment{{"TZ", "UTC"}, {"LC_ALL", "C.UTF-8"}};
  if (!login.kerberos) environment["USER"] = environment["LOGNAME"] = "sitewide";
  // Our own environment may hold the password; this program gets it otherwise.
  if (!login.password.env.empty()) environment[login.password.env] = "";
  const std::string folder = "/";
  const Spawned spawned = spawn({.argv = argv,
                                 .folder = folder,
                                 .environment = environment,
                                 .input = commands_end.get(),
                                 .output = answers_end.get(),
                                 .errors = answers_end.get()});
  if (spawned.pid < 0)
    return deny(share_ + ": " + spawned.reason + "; files over SMB need Samba's smbclient");
  program_ = Child(spawned);
  return {};
}

Result<std::unique_ptr<SmbProcess>> SmbProcess::connect(const SmbPlace& place,
                                                        const SmbLogin& login,
                                                        const std::string& password,
                                                        milliseconds patience) {
  std::unique_ptr<SmbProcess> process(new SmbProcess());
  process->share_ = place.share_text();
  const auto text = credentials_of(login, password);
  if (!text) return Error{text.error().kind, process->share_ + ": " + text.error().message};
  const auto file = MemoryFile::with(*text);
  if (!file) return file.error();
  if (const auto started = process->start(place, login, file->path()); !started)
    return started.error();
  const auto mark = new_mark();
  if (!mark) return mark.error();
  process->send(*mark);
  auto printed = process->answer_up_to(*mark, patience, {});
  if (!printed) return printed.error();
  if (process->output_.is_open()) return process;
  return why_not(process->share_, *printed, login);
}

bool SmbProcess::send(std::string_view line) {
  const std::string packet = std::string(line) + "\n";
  ssize_t count = -1;
  do {
    count = ::write(input_.get(), packet.data(), packet.size());
  } while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(packet.size());
}

Result<std::string> SmbProcess::answer_up_to(std::string_view mark, milliseconds patience,
                                             const std::function<bool()>& goes_on) {
  const std::string end_mark = std::string(mark).append(kNoCommand);
  const auto until = Clock::now() + patience;
  std::string text;
  while (!text.ends_with(end_mark)) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    if (left <= milliseconds::zero() || (goes_on && !goes_on())) {
      end();
      return Error{ErrorKind::unreachable,
                   share_ + ": no answer within " + describe_duration(patience)};
    }
    pollfd look{.fd = output_.get(), .events = POLLIN, .revents = 0};
    const auto wait = goes_on ? std::min(left, kLookAround) : left;
    const int ready = ::poll(&look, 1, static_cast<int>(wait.count()));
    if (ready < 0 && errno != EINTR) end();
    if (ready <= 0 && output_.is_open()) continue;
    char block[16384];
    const ssize_t count = ::read(output_.get(), block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      end();
      return text;
    }
    text.append(block, static_cast<std::size_t>(count));
    if (text.size() > kLongestAnswer) {
      end();
      return Error{ErrorKind::io, share_ + ": the answer is longer than " +
                                      with_separators(kLongestAnswer) + " bytes"};
    }
  }
  text.resize(text.size() - end_mark.size());
  return text;
}

Result<std::string> SmbProcess::ask(std::string_view command, milliseconds patience,
                                    const std::function<bool()>& goes_on) {
  if (command.size() > kLongestCommand) return refuse("a path is too long for smbclient");
  if (command.find_first_of(std::string_view("\n\r\0", 3)) != std::string_view::npos)
    return refuse("a name holds a line end");
  const auto mark = new_mark();
  if (!mark) return mark.error();
  const Error gone{ErrorKind::unreachable, share_ + ": the connection broke off"};
  if (!output_.is_open() || !send(command) || !send(*mark)) {
    end();
    return gone;
  }
  auto answer = answer_up_to(*mark, patience, goes_on);
  if (answer && !output_.is_open()) return gone;
  return answer;
}

void SmbProcess::end() {
  input_.close();
  output_.close();
  program_.end();
}

}  // namespace sitewide
