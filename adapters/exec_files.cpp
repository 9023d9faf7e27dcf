#include "adapters/exec_files.h"

#include <utility>

#include "adapters/client_path.h"
#include "adapters/run_words.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kDigestOutput = 4096;

Error refused(std::string_view path, std::string_view why) {
  return Error{ErrorKind::refused, escaped(path) + " " + std::string(why)};
}

// The path as programs get it.
Result<std::string> checked(std::string_view path) {
  const auto components = split_client_path(path);
  if (!components) return components.error();
  if (components->empty()) return refused(path, "names no file");
  return join(*components, "/");
}

ErrorKind kind_of(RunResult::Kind kind) {
  if (kind == RunResult::Kind::denied) return ErrorKind::denied;
  const bool answered = kind == RunResult::Kind::exited || kind == RunResult::Kind::signalled;
  return answered ? ErrorKind::io : ErrorKind::unreachable;
}

}  // namespace

ExecFiles::ExecFiles(ExecPrograms programs, ExecRunner runner)
    : programs_(std::move(programs)), runner_(std::move(runner)) {}

Result<std::string> ExecFiles::run(const Argv& program, const std::string& path, std::string input,
                                   std::size_t keep) {
  auto values = programs_.values;
  values["path"] = path;
  auto argv = substitute(program, values);
  if (!argv) return argv.error();
  ExecRun done = runner_(std::move(*argv), std::move(input), keep);
  if (done.result.kind == RunResult::Kind::exited && done.result.exit_code == 0) {
    if (done.result.output.total_bytes <= keep) return std::move(done.result.output.head);
    return Error{ErrorKind::io,
                 escaped(path) + " is larger than " + with_separators(keep) + " bytes"};
  }
  const ErrorKind kind = kind_of(done.result.kind);
  done.result.output = std::move(done.errors);
  return Error{kind,
               escaped(path) + ": " + escaped(program.front()) + ": " + run_words(done.result)};
}

Result<std::optional<Digest>> ExecFiles::digest(const std::string& path) {
  const auto printed = run(programs_.digest, path, "", kDigestOutput);
  if (!printed) return printed.error();
  const std::string_view text = trim(*printed);
  if (text.empty()) return std::optional<Digest>();
  const auto digest = Digest::parse(text.substr(0, text.find_first_of(" \t\r\n")));
  if (!digest)
    return Error{ErrorKind::io, escaped(path) + ": its digest program prints no SHA-256"};
  return digest;
}

Result<std::optional<FileState>> ExecFiles::state(std::string_view path) {
  const auto name = checked(path);
  if (!name) return name.error();
  const auto found = digest(*name);
  if (!found) return found.error();
  if (!*found) return std::optional<FileState>();
  FileState state;
  state.digest = **found;
  return std::optional(state);
}

Result<bool> ExecFiles::exists(std::string_view path) {
  const auto name = checked(path);
  if (!name) return name.error();
  const auto found = digest(*name);
  if (!found) return found.error();
  return found->has_value();
}

Result<std::optional<Timestamp>> ExecFiles::modified(std::string_view path) {
  return refused(path, "is reached by programs that tell no times");
}

Result<std::optional<std::string>> ExecFiles::read(std::string_view path, std::size_t max_bytes) {
  const auto name = checked(path);
  if (!name) return name.error();
  const auto before = digest(*name);
  if (!before) return before.error();
  if (!*before) return std::optional<std::string>();
  auto bytes = run(programs_.read, *name, "", max_bytes);
  if (!bytes) return bytes.error();
  // A program that adds a line of its own, or loses one, must not pass for the file.
  if (sha256(*bytes) != **before) {
    return Error{ErrorKind::io, escaped(path) + " was not read as its digest says"};
  }
  return std::optional(std::move(*bytes));
}

Result<> ExecFiles::write(std::string_view path, const Expected& expected, std::string_view bytes,
                          std::optional<Timestamp>) {
  const auto name = checked(path);
  if (!name) return name.error();
  const auto before = digest(*name);
  if (!before) return before.error();
  if (*before != expected) return refused(path, "was changed by someone else");
  const auto written = run(programs_.write, *name, std::string(bytes), kDigestOutput);
  if (!written) return written.error();
  const auto after = digest(*name);
  if (!after) return after.error();
  if (*after == sha256(bytes)) return {};
  return Error{ErrorKind::io, escaped(path) + " was not written as it should be"};
}

Result<> ExecFiles::remove(std::string_view path, const Digest&) {
  return refused(path, "is reached by programs that remove nothing");
}

Result<> ExecFiles::touch(std::string_view path, Timestamp) {
  return refused(path, "is reached by programs that set no times");
}

Result<std::vector<std::string>> ExecFiles::list(std::string_view folder) {
  return refused(folder, "is reached by programs that list no folders");
}

}  // namespace sitewide
