// OrderFiles: the engine's OrderSource over the rollout's orders/ folder.
#pragma once

#include "orchestrator/engine/order_source.h"
#include "orchestrator/journal/orders.h"

namespace sitewide {

class OrderFiles : public OrderSource {
 public:
  explicit OrderFiles(std::filesystem::path folder) : orders_(std::move(folder)) {}

  std::vector<IncomingOrder> pending() override;
  void answer(const std::string& id, bool accepted, const std::string& why) override;

 private:
  Orders orders_;
};

/// What an answer says: nothing for accepted, else why not.
std::optional<std::string> refusal_in(const std::string& answer);

}  // namespace sitewide
