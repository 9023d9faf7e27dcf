#include "orchestrator/cli/client_sample.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <map>
#include <utility>

#include "adapters/pool.h"
#include "adapters/smb/smb_transport.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/looks.h"
#include "orchestrator/engine/asio_loop.h"
#include "orchestrator/views/trouble.h"

namespace sitewide {
namespace {

Operation inspection(const Schedule& schedule, std::uint32_t client) {
  Action action;
  action.subject = Subject::client(client);
  action.step = Step::inspect;
  return make_operation(schedule, "probe", action);
}

std::shared_ptr<ClientTransport> transport_of(const Transport& transport,
                                              const AdapterTables& tables,
                                              const boost::asio::any_io_executor& executor,
                                              Pool& pool) {
  const auto factory = tables.transports.find(transport.type);
  if (factory == tables.transports.end()) return nullptr;
  auto made = factory->second(transport, executor, pool);
  if (transport.files != "smb") return made;
  return std::make_shared<SmbTransport>(std::move(made), SmbSessions::make());
}

// What the transports offer, asked of them as steps do; nobody is reached for that.
void note_offers(const Schedule& schedule, const AdapterTables& tables, ClientSample& sample) {
  AsioLoop loop;
  Pool pool(loop.context().get_executor());
  for (GroupSample& group : sample.groups) {
    if (group.asked.empty()) continue;
    const Transport& plan = schedule.transports[schedule.groups[group.group].transport];
    const auto transport = transport_of(plan, tables, loop.context().get_executor(), pool);
    if (!transport) continue;
    group.records = transport->keeps_records();
    group.files = transport->files(inspection(schedule, group.asked.front())) != nullptr;
  }
}

boost::asio::awaitable<Lacks> reach(StepContext context, std::shared_ptr<ClientTransport> transport,
                                    Operation operation) {
  const std::shared_ptr<Files> files = transport->files(operation);
  Lacks lacks;
  if (!files) co_return lacks;
  auto job = [files] { return files->list(""); };
  const auto names = co_await context.pool->run(std::move(job));
  if (!names) lacks.push_back({names.error().message, {}});
  co_return lacks;
}

// Where the plan gives no `inspect`, a look into the client's root tells at least whether it is
// there.
void reach_for(const Schedule& schedule, const AdapterTables& tables,
               const std::vector<std::uint32_t>& clients, Duration within, ClientProbe& probe) {
  std::vector<Look> looks;
  for (const std::uint32_t client : clients) {
    const Operation operation = inspection(schedule, client);
    auto at = [operation, &tables](StepContext context) {
      auto transport = transport_of(operation.transport, tables, context.executor, *context.pool);
      return reach(std::move(context), std::move(transport), operation);
    };
    looks.push_back({std::string(schedule.clients.name(client)), std::move(at)});
  }
  const Looked looked = look_at_all(looks, within);
  probe.stuck = probe.stuck || looked.stuck;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    if (!looked.lacks[i].empty())
      probe.clients[clients[i]] = {ClientStanding::unreachable, looked.lacks[i].front().what};
  }
}

std::string cause_of(const Schedule& schedule, std::uint32_t client, const std::string& why) {
  std::string cause = nameless(why, schedule.clients.address(client));
  return escaped(nameless(std::move(cause), schedule.clients.name(client)), 400);
}

void count(const Schedule& schedule, const ClientProbe& probe, GroupSample& group) {
  std::map<std::pair<std::string, bool>, std::vector<std::uint32_t>> causes;
  for (const std::uint32_t client : group.asked) {
    const SavedClient& seen = probe.clients[client];
    ++group.counts[static_cast<std::size_t>(seen.standing)];
    const bool away = seen.standing == ClientStanding::unreachable;
    if (away || (seen.standing == ClientStanding::unknown && group.has_inspect))
      causes[{cause_of(schedule, client, seen.why), away}].push_back(client);
  }
  for (auto& [cause, clients] : causes) {
    const bool alone = clients.size() == 1;  // then its own names say more
    std::string why = alone ? escaped(probe.clients[clients[0]].why, 400) : cause.first;
    group.causes.push_back({std::move(why), cause.second, std::move(clients)});
  }
  std::ranges::stable_sort(group.causes, [](const ClientCause& one, const ClientCause& other) {
    return one.clients.size() > other.clients.size();
  });
}

}  // namespace

std::vector<std::uint32_t> spread_over(const Range& clients, std::uint32_t most) {
  const std::uint64_t all = clients.size();
  const std::uint64_t chosen = std::min<std::uint64_t>(most, all);
  std::vector<std::uint32_t> sample;
  for (std::uint64_t i = 0; i < chosen; ++i) {
    const std::uint64_t step = chosen == 1 ? 0 : i * (all - 1) / (chosen - 1);
    sample.push_back(clients.begin + static_cast<std::uint32_t>(step));
  }
  return sample;
}

ClientSample sample_clients(const Schedule& schedule, const AdapterTables& tables,
                            std::uint32_t most, Duration within) {
  ClientSample sample;
  Questions questions;
  questions.within = within;
  std::vector<std::uint32_t> unasked;
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    GroupSample group;
    group.group = g;
    group.asked = spread_over(schedule.groups[g].clients, most);
    group.has_inspect = !group.asked.empty() && can_be_asked(schedule, group.asked.front());
    auto& list = group.has_inspect ? questions.clients : unasked;
    list.insert(list.end(), group.asked.begin(), group.asked.end());
    sample.groups.push_back(std::move(group));
  }
  note_offers(schedule, tables, sample);
  ClientProbe probe = probe_clients(schedule, tables, questions);
  if (!unasked.empty()) reach_for(schedule, tables, unasked, within, probe);
  sample.stuck = probe.stuck;
  for (GroupSample& group : sample.groups) count(schedule, probe, group);
  return sample;
}

}  // namespace sitewide
