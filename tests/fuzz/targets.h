// Fuzz targets: each takes any bytes for the input of one parser and demands what must hold of it
// (see property.h). libFuzzer feeds them, and fuzz_test replays the inputs that are kept. One
// thread; an input leaves nothing behind for the next.
#pragma once

#include <array>
#include <string_view>

namespace sitewide::fuzz {

void attempt_record(std::string_view input);
void claims(std::string_view input);
void client_path(std::string_view input);
void client_state(std::string_view input);
void copy_list(std::string_view input);
void event(std::string_view input);
void grammar(std::string_view input);
void host_list(std::string_view input);
void inventory_csv(std::string_view input);
void inventory_hosts(std::string_view input);
void journal(std::string_view input);
void ldap_entries(std::string_view input);
void maintenance_log(std::string_view input);
void manifest(std::string_view input);
void nodeset(std::string_view input);
void order(std::string_view input);
void owner(std::string_view input);
void payload(std::string_view input);
void pcm_log(std::string_view input);
void placeholders(std::string_view input);
void plan(std::string_view input);
void prometheus_answer(std::string_view input);
void registry(std::string_view input);
void saved_preview(std::string_view input);
void schedule(std::string_view input);
void selector(std::string_view input);
void sftp(std::string_view input);
void smb_answer(std::string_view input);
void smb_place(std::string_view input);
void sms_ini(std::string_view input);
void ssh_words(std::string_view input);
void system_map(std::string_view input);
void text(std::string_view input);
void url(std::string_view input);

struct NamedTarget {
  std::string_view name;
  void (*run)(std::string_view input);
};

inline constexpr std::array<NamedTarget, 34> kTargets{{{"attempt_record", attempt_record},
                                                       {"claims", claims},
                                                       {"client_path", client_path},
                                                       {"client_state", client_state},
                                                       {"copy_list", copy_list},
                                                       {"event", event},
                                                       {"grammar", grammar},
                                                       {"host_list", host_list},
                                                       {"inventory_csv", inventory_csv},
                                                       {"inventory_hosts", inventory_hosts},
                                                       {"journal", journal},
                                                       {"ldap_entries", ldap_entries},
                                                       {"maintenance_log", maintenance_log},
                                                       {"manifest", manifest},
                                                       {"nodeset", nodeset},
                                                       {"order", order},
                                                       {"owner", owner},
                                                       {"payload", payload},
                                                       {"pcm_log", pcm_log},
                                                       {"placeholders", placeholders},
                                                       {"plan", plan},
                                                       {"prometheus_answer", prometheus_answer},
                                                       {"registry", registry},
                                                       {"saved_preview", saved_preview},
                                                       {"schedule", schedule},
                                                       {"selector", selector},
                                                       {"sftp", sftp},
                                                       {"smb_answer", smb_answer},
                                                       {"smb_place", smb_place},
                                                       {"sms_ini", sms_ini},
                                                       {"ssh_words", ssh_words},
                                                       {"system_map", system_map},
                                                       {"text", text},
                                                       {"url", url}}};

}  // namespace sitewide::fuzz
