// How gates are asked: by a program of the controller's machine, a web server, or Prometheus.
// Asking changes nothing, so an asking that was interrupted is simply made again; it is never in
// doubt.
//
// An answer is ok (the gate passes), failed (it fails), or anything else: no evidence. What could
// not be asked, did not answer in time, or answered something else than the plan names is no
// evidence.
//
// Threads: as all steps.
#pragma once

#include "adapters/http/http.h"
#include "adapters/step_context.h"

namespace sitewide {

/// The step `check`: asks the operation's gate once.
boost::asio::awaitable<Answer> ask_gate(StepContext context, Operation operation);

/// What the end of a check's program says: an exit code that the plan lists passes or is
/// inconclusive, any other fails; a program that did not come to an end of its own says nothing.
Outcome judge_exit(const RunResult& result, const Inquiry& inquiry);
/// What a web server's answer says: a status that the plan lists, and the body that it wants, pass.
Outcome judge_http(const HttpAnswer& answer, const Inquiry& inquiry);
/// What Prometheus' answer says of the query's values (prometheus_answer.h); anything but a result
/// says nothing.
Outcome judge_prometheus(const HttpAnswer& answer, const Inquiry& inquiry);

}  // namespace sitewide
