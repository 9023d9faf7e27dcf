// A small site and client in a temporary directory, and what the SMS steps need to work on them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "adapters/folder_files.h"
#include "adapters/originals.h"
#include "adapters/sms/site/steps.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// Originals in memory.
class MemoryOriginals : public Originals {
 public:
  Result<Digest> put(std::string_view bytes) override {
    const Digest digest = sha256(bytes);
    blobs[digest] = bytes;
    return digest;
  }
  Result<std::string> get(const Digest& digest) override {
    const auto blob = blobs.find(digest);
    if (blob == blobs.end()) return Error{ErrorKind::io, "no such original"};
    return blob->second;
  }
  Result<std::string> put_manifest(std::string_view name, std::string_view text) override {
    return manifests.emplace(name, text).first->second;
  }
  Result<std::optional<std::string>> manifest(std::string_view name) override {
    const auto found = manifests.find(std::string(name));
    if (found == manifests.end()) return std::optional<std::string>();
    return std::optional(found->second);
  }

  std::map<Digest, std::string> blobs;
  std::map<std::string, std::string> manifests;
};

inline Timestamp instant(const char* text) { return parse_timestamp(text).value(); }

/// A program with a PE header for `machine`, told apart by `text`.
inline std::string program(const std::string& text, unsigned machine = 0x14c) {
  std::string bytes(0x80, '\0');
  bytes.replace(0, 2, "MZ");
  bytes[0x3c] = 0x40;
  bytes.replace(0x40, 4, std::string("PE\0\0", 4));
  bytes[0x44] = static_cast<char>(machine & 0xffU);
  bytes[0x45] = static_cast<char>(machine >> 8U);
  return bytes + text;
}

class SmsWorld : public testing::Test {
 protected:
  SmsWorld() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sms-XXXXXX").string();
    root = mkdtemp(pattern.data());
    site_root = root / "hq" / "SMS";
    client_root = root / "pc001";
    hotfix = program("the hotfix");
    old = program("the old file");
    write(site_root / "System.map", "SYSTEM MAP\r\n", "1999-01-01T00:00:00Z");
    write(site_root / kOnSite, old, "1999-05-04T00:00:00Z");
    for (const char* server : {"s768aa0", "s768aa1"}) {
      write(root / server / "UPGRADE.BAT", "@echo off\r\n");
      write(root / server / "x86.bin" / "PCMWIN32.EXE", old);
      write(root / server / "Cl_nt.txt", "[SMS]\r\nCopyListVersion=100\r\n");
    }
    write(client_root / "MS/SMS/BIN/pcmwin32.exe", old, "1999-05-04T00:00:00Z");
    write_ini("INSTALLED");
  }
  ~SmsWorld() override { std::filesystem::remove_all(root); }

  static constexpr const char* kOnSite = "Site.srv/Maincfg.box/Client.src/X86.bin/Pcmwin32.exe";

  static void write(const std::filesystem::path& path, const std::string& bytes,
                    const char* modified = nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    if (modified != nullptr) set_time(path, instant(modified));
  }
  static void set_time(const std::filesystem::path& path, Timestamp at) {
    const auto time = std::chrono::file_clock::from_sys(at);
    std::filesystem::last_write_time(path, time);
  }
  static std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  static Timestamp time_of(const std::filesystem::path& path) {
    return std::chrono::floor<Duration>(
        std::chrono::file_clock::to_sys(std::filesystem::last_write_time(path)));
  }

  void replicate_by_hand(const std::string& bytes) const {
    for (const char* server : {"s768aa0", "s768aa1"})
      write(root / server / "x86.bin" / "PCMWIN32.EXE", bytes);
  }
  /// The site is staged, and each logon server has its copy.
  void make_replicated() {
    const Answer staged = run(stage, work(Step::stage));
    EXPECT_EQ(staged.outcome.kind, OutcomeKind::ok) << staged.outcome.reason;
    replicate_by_hand(hotfix);
  }

  std::string ini_text(const std::string& phase, const std::string& more = {}) const {
    return "[SMS]\r\nCopyListVersion=100\r\nOS=4\r\nSMS Unique ID=HQ000001\r\n"
           "LastLogonServerPath=\\\\S768AA1\\SMS_SHR\r\nSMSPath=C:\\MS\\SMS\r\nSMSBinPath=C:"
           "\\MS\\SMS\\BIN\r\n"
           "SMSLogPath=C:\\MS\\SMS\\LOGS\r\nLocalWindowsPath=C:\\WINNT\r\n"
           "[Local]\r\nSetupPhase=" +
           phase + "\r\n[WorkstationStatus]\r\nFilesNotDownloaded=\r\n" + more;
  }
  void write_ini(const std::string& phase, const std::string& more = {}) const {
    write(client_root / "Sms.ini", ini_text(phase, more));
  }

  PlannedFile planned() const {
    PlannedFile file;
    file.name = "Pcmwin32.exe";
    file.platform = "x86";
    file.digest = sha256(hotfix);
    file.date = instant("1999-06-22T00:00:00Z");
    file.on_site = kOnSite;
    file.on_logon_server = "X86.bin/Pcmwin32.exe";
    file.on_client = "{sms_bin}/Pcmwin32.exe";
    return file;
  }

  Operation operation(Step step, Purpose purpose) const {
    Operation result;
    result.action.step = step;
    result.action.purpose = purpose;
    result.action.deadline = now + std::chrono::minutes(10);
    if (!is_site_step(step)) {
      result.action.subject = Subject::client(0);
      result.client = {"pc001", "pc001.hq", client_root.string(), "x86", "nt"};
    }
    result.site.name = "HQ";
    result.site.root = site_root.string();
    result.site.logon_servers = {{"S768AA0", (root / "s768aa0").string()},
                                 {"S768AA1", (root / "s768aa1").string()}};
    result.files = {planned()};
    return result;
  }

  Work work(Step step, Purpose purpose = Purpose::execute) {
    Work result;
    result.operation = operation(step, purpose);
    result.files =
        std::make_shared<FolderFiles>((is_site_step(step) ? site_root : client_root).string());
    for (const LogonServer& server : result.operation.site.logon_servers) {
      result.shares.push_back({server.name, std::make_shared<FolderFiles>(server.share)});
    }
    result.originals = &originals;
    result.payload = [this](const Digest& digest) -> Result<std::string> {
      if (digest != sha256(hotfix)) return Error{ErrorKind::io, "no such payload"};
      return hotfix;
    };
    result.now = now;
    return result;
  }

  /// Runs a step and answers as the adapter would.
  static Answer run(BlockingStep step, const Work& work) {
    const auto result = step(work);
    return result ? *result : answer_for(work.purpose(), result.error());
  }

  std::filesystem::path root, site_root, client_root;
  std::string hotfix, old;
  MemoryOriginals originals;
  Timestamp now = instant("2026-03-01T10:00:00Z");
};

inline testing::AssertionResult is_done(const Answer& answer, OutcomeKind kind) {
  if (answer.kind == Answer::Kind::done && answer.outcome.kind == kind)
    return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "answer " << static_cast<int>(answer.kind) << " " << name_of(answer.outcome.kind)
         << ": " << answer.outcome.reason;
}
inline testing::AssertionResult is(const Answer& answer, Answer::Kind kind) {
  if (answer.kind == kind) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "answer " << static_cast<int>(answer.kind) << ": " << answer.outcome.reason;
}
inline testing::AssertionResult says(const Answer& answer, const std::string& part) {
  if (answer.outcome.reason.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "the reason is: " << answer.outcome.reason;
}

}  // namespace sitewide::sms
