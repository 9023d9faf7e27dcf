// A site whose services, reset and further programs are small sh programs that write a log.
#pragma once

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>

#include "adapters/sms/steps.h"
#include "tests/adapters/run_awaitable.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {

/// Services are files in a folder: one that is there runs. Small sh programs handle them, and write
/// what they did into `log`.
class SiteParts : public SmsWorld {
 protected:
  SiteParts() {
    service("SMS_EXECUTIVE", true);
    service("SMS_HIERARCHY_MANAGER", true);
    write(site_root / "Site.srv/X86.bin/Invproc.dll", "old dll", "1999-01-01T00:00:00Z");
  }

  std::filesystem::path service_file(const std::string& name) const {
    return root / "services" / name;
  }
  void service(const std::string& name, bool runs) const {
    std::filesystem::create_directories(root / "services");
    std::filesystem::remove(service_file(name));
    if (runs) write(service_file(name), "");
  }
  bool runs(const std::string& name) const { return std::filesystem::exists(service_file(name)); }
  std::string log() const { return read(root / "log"); }
  Argv sh(const std::string& script, const std::string& argument = "-") const {
    return {"/bin/sh", "-c", script, root.string(), argument};
  }

  static SitePart part(SitePart::Kind kind) {
    SitePart part;
    part.kind = kind;
    return part;
  }
  SitePart services(SitePart::Kind kind) const {
    SitePart part = this->part(kind);
    part.services = {"SMS_EXECUTIVE", "SMS_HIERARCHY_MANAGER"};
    return part;
  }
  /// stop, rename, copy, reset, run, start.
  std::vector<SitePart> all_parts() const {
    SitePart rename = part(SitePart::Kind::rename);
    rename.path = "Site.srv/X86.bin/Invproc.dll";
    rename.to = "Invproc.old";
    SitePart run = part(SitePart::Kind::run);
    run.run.what = "RSERVICE";
    run.run.run = sh("echo run {site.name} >>$0/log; touch $0/ran");
    run.run.probe = sh("test -e $0/ran");
    run.run.undo = sh("echo undo >>$0/log; rm $0/ran");
    return {
        services(SitePart::Kind::stop_service), rename, part(SitePart::Kind::copy),
        part(SitePart::Kind::site_reset),       run,    services(SitePart::Kind::start_service)};
  }

  Operation operation_with(std::vector<SitePart> parts, Step step, Purpose purpose,
                           std::uint32_t attempt = 1) const {
    Operation result = operation(step, purpose);
    result.key = "parts~" + std::to_string(::getpid()) + "~" + std::to_string(attempt);
    result.action.attempt = attempt;
    result.values = {{"site.name", "HQ"}};
    result.parts.site = std::move(parts);
    result.site.services = {sh("test -e $0/services/$1", "{service}"),
                            sh("echo stop $1 >>$0/log; rm $0/services/$1", "{service}"),
                            sh("echo start $1 >>$0/log; touch $0/services/$1", "{service}"),
                            std::chrono::seconds(2)};
    result.site.reset.run = sh("echo reset >>$0/log");
    return result;
  }

  StepContext context_on(boost::asio::io_context& loop, Pool& pool) {
    StepContext context{loop.get_executor(), &pool, nullptr, &originals, {}, {}, {}, {}};
    context.payload = [this](const Digest&) -> Result<std::string> { return hotfix; };
    context.folder = [](const std::string& folder) {
      return std::make_shared<FolderFiles>(folder);
    };
    context.now = [this] { return now; };
    return context;
  }
  Answer perform(Operation operation) {
    boost::asio::io_context loop;
    Pool pool(loop.get_executor(), PoolLimits{2, 4, std::chrono::seconds(30)});
    return test::run_on(loop, run_sms_step(context_on(loop, pool), std::move(operation)));
  }
  Answer stage_all(std::uint32_t attempt = 1) {
    return perform(operation_with(all_parts(), Step::stage, Purpose::execute, attempt));
  }

  Operation stage_that_replaces_the_dll() {
    Operation operation = operation_with(all_parts(), Step::stage, Purpose::execute);
    PlannedFile file = planned();
    file.name = "Invproc.dll";
    file.on_site = "Site.srv/X86.bin/Invproc.dll";
    file.on_client = file.on_logon_server = "";
    operation.files.push_back(file);
    return operation;
  }

  std::filesystem::path dll() const { return site_root / "Site.srv/X86.bin/Invproc.dll"; }
  std::filesystem::path aside() const { return site_root / "Site.srv/X86.bin/Invproc.old"; }
};

}  // namespace sitewide::sms
