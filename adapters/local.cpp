#include "adapters/local.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "adapters/folder_files.h"
#include "adapters/process.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

// Why a folder cannot be used; empty when it can. Blocks.
std::string fault_of(const std::string& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) {
    return "folder " + escaped(folder) + ": " + std::generic_category().message(errno);
  }
  return S_ISDIR(status.st_mode) ? "" : "folder " + escaped(folder) + " is not a folder";
}

// A root that was written but came to nothing must not turn the client into this machine.
bool root_is_lost(const Operation& operation) {
  return operation.client.root.empty() && !operation.transport.root.empty();
}

}  // namespace

LocalTransport::LocalTransport(boost::asio::any_io_executor executor, Pool& pool)
    : executor_(std::move(executor)), pool_(pool) {}

boost::asio::awaitable<RunResult> LocalTransport::run(const Operation& operation,
                                                      RunRequest request) {
  const std::string root = operation.client.root;
  RunResult unreachable;
  unreachable.kind = RunResult::Kind::unreachable;
  if (root_is_lost(operation)) {
    unreachable.reason = "root " + escaped(operation.transport.root) + " names no folder";
    co_return unreachable;
  }
  if (request.folder.empty()) request.folder = root;
  if (!request.folder.empty()) {
    auto look = [root, folder = request.folder] {
      const std::string fault = root.empty() ? std::string() : fault_of(root);
      return fault.empty() && folder != root ? fault_of(folder) : fault;
    };
    unreachable.reason = co_await pool_.run(std::move(look));
    if (!unreachable.reason.empty()) co_return unreachable;
  }
  RunResult result = co_await run_process(executor_, std::move(request));
  co_return result;
}

std::shared_ptr<Files> LocalTransport::files(const Operation& operation) {
  if (root_is_lost(operation)) return nullptr;
  return std::make_shared<FolderFiles>(operation.client.root.empty() ? "/" : operation.client.root);
}

}  // namespace sitewide
