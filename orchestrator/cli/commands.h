// The commands, one function each, and where each lives. Every one prints its own result and
// returns its exit code; an Error is printed by run().
#pragma once

#include "orchestrator/cli/console.h"

namespace sitewide {

using Command = Result<ExitCode> (*)(const Options&, const Console&);

Result<ExitCode> command_run(const Options&, const Console&);       // command_run.cpp
Result<ExitCode> command_preview(const Options&, const Console&);   // command_preview.cpp
Result<ExitCode> command_validate(const Options&, const Console&);  // command_validate.cpp
Result<ExitCode> command_schema(const Options&, const Console&);
Result<ExitCode> command_catalogue(const Options&, const Console&);  // command_catalogue.cpp
Result<ExitCode> command_resume(const Options&, const Console&);     // command_resume.cpp
Result<ExitCode> command_rollback(const Options&, const Console&);   // command_rollback.cpp
Result<ExitCode> command_order(const Options&,
                               const Console&);  // command_order.cpp: pause, continue, abort …
Result<ExitCode> command_status(const Options&, const Console&);  // command_status.cpp
Result<ExitCode> command_list(const Options&, const Console&);
Result<ExitCode> command_why(const Options&, const Console&);
Result<ExitCode> command_watch(const Options&, const Console&);       // command_watch.cpp
Result<ExitCode> command_log(const Options&, const Console&);         // command_log.cpp
Result<ExitCode> command_audit(const Options&, const Console&);       // command_audit.cpp
Result<ExitCode> command_report(const Options&, const Console&);      // command_report.cpp
Result<ExitCode> command_prune(const Options&, const Console&);       // command_prune.cpp
Result<ExitCode> command_init(const Options&, const Console&);        // command_init.cpp
Result<ExitCode> command_completion(const Options&, const Console&);  // command_completion.cpp
Result<ExitCode> command_complete(const Options&, const Console&);
Result<ExitCode> command_man(const Options&, const Console&);  // command_man.cpp

}  // namespace sitewide
