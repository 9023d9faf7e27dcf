#include "adapters/courier.h"

#include "adapters/http/http.h"
#include "adapters/last_line.h"
#include "adapters/process.h"
#include "adapters/secret.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;

// An answer of which nobody reads more than the status.
constexpr std::size_t kAnswerBytes = 4096;

Delivery failed(std::string why) { return {Delivery::Kind::failed, std::move(why)}; }

// Client errors that say what the request is, not what the receiver lacks just now.
bool is_final(int status) {
  const bool mendable = status == 401 || status == 403 || status == 404 || status == 407 ||
                        status == 408 || status == 425 || status == 429;
  return status >= 400 && status < 500 && !mendable;
}

Delivery verdict_on(const HttpAnswer& answer) {
  if (!answer.arrived()) {
    const bool never = answer.trouble == HttpTrouble::unusable;
    return {never ? Delivery::Kind::refused : Delivery::Kind::failed, answer.why};
  }
  if (answer.status >= 200 && answer.status < 300) return {Delivery::Kind::delivered, ""};
  std::string why = "it answers " + std::to_string(answer.status);
  if (answer.status >= 300 && answer.status < 400)
    why += ", a redirect, and those are not followed";
  return {is_final(answer.status) ? Delivery::Kind::refused : Delivery::Kind::failed, why};
}

// On a thread of the pool: files with secrets may hang like any other.
Delivery post_now(const NotifyTarget& target, const Parcel& parcel, std::stop_token stop) {
  HttpRequest request;
  request.method = "POST";
  request.body = parcel.event;
  request.timeout = target.timeout;
  request.ca_file = target.webhook.ca_file;
  request.most_bytes = kAnswerBytes;
  request.may_shorten = true;
  std::vector<std::string> secrets;
  const auto revealed = [&](const SecretText& text) {
    auto value = reveal(text);
    if (value && text.is_reference()) secrets.push_back(*value);
    return value;
  };
  auto url = revealed(target.webhook.url);
  if (!url) return failed(url.error().message);
  request.url = std::move(*url);
  bool has_type = false;
  for (const PlannedHeader& header : target.webhook.headers) {
    auto value = revealed(header.value);
    if (!value) return failed(value.error().message);
    has_type = has_type || equals_ignoring_case(header.name, "Content-Type");
    request.headers.push_back({header.name, std::move(*value)});
  }
  if (!has_type)
    request.headers.push_back({"Content-Type", "application/cloudevents+json; charset=utf-8"});
  Delivery delivery = verdict_on(http_exchange(request, std::move(stop)));
  delivery.why = masked(std::move(delivery.why), secrets);
  return delivery;
}

Delivery verdict_on(const RunResult& result, Duration timeout) {
  switch (result.kind) {
    case RunResult::Kind::exited: {
      if (result.exit_code == 0) return {Delivery::Kind::delivered, ""};
      const std::string line = last_line(result.output);
      return failed("it ended with " + std::to_string(result.exit_code) +
                    (line.empty() ? "" : ": " + line));
    }
    case RunResult::Kind::signalled:
      return failed("it was ended by signal " + std::to_string(result.signal));
    case RunResult::Kind::timed_out:
      return failed("it did not end within " + format_duration(timeout));
    case RunResult::Kind::unreachable:
    case RunResult::Kind::denied:
    case RunResult::Kind::lost:
      break;
  }
  return failed("it could not be started: " + escaped(result.reason, 200));
}

}  // namespace

asio::awaitable<Delivery> Courier::carry(NotifyTarget target, Parcel parcel) {
  switch (target.kind) {
    case NotifyTarget::Kind::webhook: {
      auto delivery = post(std::move(target), std::move(parcel));
      co_return co_await std::move(delivery);
    }
    case NotifyTarget::Kind::command: {
      Argv argv = target.command;
      auto delivery = run(std::move(target), std::move(argv), std::move(parcel.event));
      co_return co_await std::move(delivery);
    }
    case NotifyTarget::Kind::email: {
      // -i: a line with a single dot does not end the mail.
      Argv argv;
      argv.push_back(target.email.sendmail);
      argv.push_back("-t");
      argv.push_back("-i");
      auto delivery = run(std::move(target), std::move(argv), std::move(parcel.mail));
      co_return co_await std::move(delivery);
    }
  }
  co_return Delivery();
}

asio::awaitable<Delivery> Courier::post(NotifyTarget target, Parcel parcel) {
  auto job = [target = std::move(target), parcel = std::move(parcel), stop = stop_.get_token()] {
    return post_now(target, parcel, stop);
  };
  co_return co_await pool_.run(std::move(job));
}

asio::awaitable<Delivery> Courier::run(NotifyTarget target, Argv argv, std::string input) {
  RunRequest request;
  request.argv = std::move(argv);
  request.input = std::move(input);
  request.timeout = target.timeout;
  const RunResult result = co_await run_process(executor_, std::move(request));
  co_return verdict_on(result, target.timeout);
}

}  // namespace sitewide
