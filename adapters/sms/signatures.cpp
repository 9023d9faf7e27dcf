#include "adapters/sms/signatures.h"

#include <array>

#include "orchestrator/base/check.h"

namespace sitewide::sms {
namespace {

constexpr std::string_view kBlocks = "blocks";
constexpr std::string_view kStalls = "stalls";
constexpr std::string_view kHarms = "harms";
constexpr std::string_view kNoise = "noise";

/// One entry a failure: where it ranks, articles, what is wrong, the cure, where it is seen, why it
/// cannot be.
constexpr std::array<Signature, 37> kSignatures{{
    {Failure::component_in_use, kStalls, "Q168463, Q166771, Q107245", "component in use",
     "stop it or take it out of Startup; the client tries again at its next start",
     "converge: the client's Cli_nt.log, Cli_dos.log, Cli_os2.log, Smsrun.log, Smsrun32.log", ""},
    {Failure::restart_pending, kStalls, "Q186412, Q156233",
     "a file waits for a restart to be put in place", "restart the client",
     "converge: a `$sms00$` copy beside a planned file or in the Windows folder", ""},
    {Failure::restart_unprompted, kNoise, "Q169619, Q164567, Q156541",
     "a restart is needed and nobody is asked for one", "restart the client, or plan `restart`", "",
     "the prompt, or its absence, is on the client's screen alone; what is left of it is `waits "
     "for "
     "log-on`"},
    {Failure::file_missing, kStalls, "Q168598, Q270697",
     "a file of the copy list is missing on the logon server",
     "put it into Client.src, or take it out of the copy list",
     "converge: `FilesNotDownloaded` of Sms.ini and the client's logon server", ""},
    {Failure::endless_restarts, kStalls, "Q270697",
     "a logon script verifies at every log-on (/f), which asks for restarts without end",
     "take /f out of the script",
     "converge: Runsms.bat of the logon server; replicate, regenerate: Smsls.bat of the site", ""},
    {Failure::request_failed, kBlocks, "Q168518, Q158292, Q200545",
     "Client Configuration Manager may not administer the client",
     "mend Admin$, the service account's rights and name resolution, then move the .CCR from Retry "
     "to Ccr.box",
     "converge: the .CCR in Ccr.box/Retry with its last error, Clicfg.log of the site server", ""},
    {Failure::request_backlog, kNoise, "Q168518",
     "many configuration requests wait before this one", "wait, Client Configuration Manager works",
     "converge: the number of .CCR in Ccr.box of the logon server", ""},
    {Failure::cut_short, kStalls, "Q168518",
     "the copying was cut short, or the client's disk is full",
     "look at its free disk space, then have it started again",
     "converge: `FilesNotDownloaded` of Sms.ini, while the logon server has the file", ""},
    {Failure::mixed_inventory, kHarms, "Q169038, Q174961",
     "inventory of unlike versions is rejected",
     "upgrade what is left behind, the servers' part first",
     "replicate, regenerate: Invproc.log, new files in Inventry.box/Badraws of the site", ""},
    {Failure::server_skipped, kBlocks, "Q200769, Q167871",
     "Maintenance Manager skips the logon server, for it cannot read its free disk space",
     "copy the files there by hand, or bring the site server's Windows NT up to date",
     "replicate, regenerate: Maintman.log, error 144 after the server's name", ""},
    {Failure::server_full, kBlocks, "Q168460", "a logon server's disk may be full",
     "free disk space there, and answer the lost-data message on the site server's screen",
     "replicate, regenerate: the age of Maintman.log's last line, DOMAIN._._ on the logon server",
     ""},
    {Failure::stranded_files, kBlocks, "Q181630",
     "thousands of .TMP files in Inventry.box hold Maintenance Manager up",
     "move them away, give Change rights on Inventry.box, restart SMS_EXECUTIVE",
     "replicate, regenerate: the number of .TMP in Inventry.box of a logon server", ""},
    {Failure::manager_rights, kBlocks, "Q142022",
     "Maintenance Manager cannot make what it needs on the logon server",
     "see to its rights there; with OS/2 or LAN Server bring Windows NT 3.51 to service pack 4",
     "replicate, regenerate: Maintman.log, error 183, event 116 or 117", ""},
    {Failure::library_in_use, kStalls, "Q164901",
     "one file alone stays old on a logon server: a program there may use it",
     "stop what uses it there; the next work cycle copies it",
     "replicate: one file alone differs on a logon server, an hour (`warn_after`) on", ""},
    {Failure::damaged_map, kBlocks, "Q122179", "System.map is damaged, so no copy list is made",
     "put System.map back from a backup",
     "regenerate: Maintman.log, event 237; a System.map without a directory", ""},
    {Failure::component_copy, kBlocks, "Q122179",
     "Site Configuration Manager could not copy a component to a server",
     "stop the component there, see to rights and disk space, reset the site again",
     "replicate, regenerate: Scman.log below the site's root, events 210 to 248", ""},
    {Failure::other_system, kBlocks, "Q171329, Q154445, Q185914",
     "the client runs another operating system than SMS was installed under",
     "run Upgrade.bat under the one to be managed; two on one machine are not supported",
     "inspect: Sms.ini and inventory; trigger: what Upgrade.bat printed; converge: Cli_nt.log", ""},
    {Failure::windows_moved, kBlocks, "Q174952",
     "the Windows folder that Sms.ini names is not there, another one is",
     "run Upgrade.bat on the client",
     "converge, trigger: LocalWindowsPath of Sms.ini and the root of drive C:; Upgrade.bat's "
     "output",
     ""},
    {Failure::network_type, kBlocks, "Q157832",
     "NetworkType of Sms.ini is not that of the logon server",
     "add /f to the lines of Upgrade.bat until the client has it right",
     "converge, trigger: Sms.ini and Domain.ini of the logon server", ""},
    {Failure::ini_locked, kBlocks, "Q161216, Q149673", "Sms.ini cannot be written",
     "give Change rights on the root of C:, or put an Sms.new there",
     "trigger: what Upgrade.bat printed; converge: Cli_nt.log", ""},
    {Failure::ini_blank, kBlocks, "Q279752", "Sms.ini has blank keys",
     "restart SMS_INVENTORY_AGENT_NT, or run Upgrade.bat on the client itself",
     "converge, trigger: SiteCode, Domain, CurrentLogonServer, Server1 of Sms.ini", ""},
    {Failure::settings_lost, kHarms, "Q200085, Q173538", "the upgrade lost settings of Sms.ini",
     "set them again",
     "converge, once proven (fact `warning`): Sms.ini against the one that was kept", ""},
    {Failure::client_removed, kBlocks, "Q154752, Q124361", "the client was removed from SMS",
     "install it again by Runsms if it is to stay; do not retry",
     "inspect, trigger, converge: SetupPhase of Sms.ini; converge: Sms.ini gone", ""},
    {Failure::smsrun_twice, kStalls, "Q230660", "Win.ini loads Smsrun twice",
     "delete one of them from the load= line",
     "converge, trigger: Win.ini of the Windows folder (not Windows NT's registry)", ""},
    {Failure::setup_aborted, kBlocks, "Q158020, Q149575, Q154936, Q269774", "Client Setup gives up",
     "error 529: take old language files out of X86.bin; 259: put Winver.exe into the Windows "
     "folder; UID: Change rights on Smsid, one file there",
     "trigger: what Upgrade.bat printed; converge: Cli_nt.log, Smsid of the logon server", ""},
    {Failure::compressed_file, kHarms, "Q159952, Q164320",
     "a file is still compressed, or named as on the SMS CD", "expand or rename it",
     "stage: the first bytes and the name of a payload; loading the plan refuses one already", ""},
    {Failure::wrong_cpu, kHarms, "Q237690", "a program is built for another CPU",
     "take the file that is meant for this platform",
     "stage: the program's header; loading the plan refuses one already", ""},
    {Failure::wrong_twin, kHarms, "Q197141", "a file has the hotfix's size and other bytes",
     "go by digests, not by sizes",
     "converge: size and digest of a planned file; everywhere: SHA-256", ""},
    {Failure::put_back, kHarms, "Q197141, Q175526",
     "a service pack or a reinstallation put another file over the hotfix",
     "see who did, then run the plan again", "replicate: the site's own copy of a planned file",
     ""},
    {Failure::other_server, kStalls, "Q140145, Q166246",
     "the client uses a logon server that the plan does not name",
     "add the server to the site's logon_servers, or nobody waits until it holds the hotfix",
     "converge, trigger: LastLogonServerPath of Sms.ini", ""},
    {Failure::package_agent, kNoise, "Q188578, Q231378",
     "Package Command Manager cannot get to work", "see to its logon server and to PCMSVC",
     "health pcm_log: Pcmwin.log", ""},
    {Failure::false_report, kNoise, "Q174648, Q191302, Q174586, Q181118",
     "RSERVICE reports a success or a failure that is none", "compare the files on the servers", "",
     "RSERVICE reports on the administrator's screen, and the servers' own folders are not in a "
     "plan"},
    {Failure::lock_outs, kNoise, "Q230242, Q184858, Q191828",
     "Package Command Manager or Climonnt locks accounts out", "log off; apply the fix", "",
     "it stands in event logs of Windows NT, which are no files that can be read elsewhere"},
    {Failure::redirector, kNoise, "Q237690, Q148426",
     "Pcmwin32 stands still until the redirector times out", "the hotfix of Q237690 cures it",
     "health pcm_log: the gap after a look-up in Pcmwin.log", ""},
    {Failure::driver_left, kBlocks, "Q184208, Q184196", "the driver RCHELP was left behind",
     "set its Start to 4 in the registry; Upgrade.bat does not help", "",
     "it stands in the registry and the event log of the client, which no transport reads"},
    {Failure::cloned_id, kStalls, "Q183398, Q192859", "two machines share one SMS Unique ID",
     "give one of them an ID of its own first",
     "converge: the machine that a .CCR of the client's ID names", ""},
    {Failure::script_skipped, kStalls, "Q195702, Q200791",
     "Check20 makes the logon script pass the client over for no reason",
     "replace Check20.exe in Client.src and in the logon scripts' folders", "",
     "the script leaves no file behind; the client just keeps waiting for log-on"},
}};

std::string_view first_article(std::string_view articles) {
  return articles.substr(0, articles.find(','));
}

}  // namespace

std::span<const Signature> all_signatures() { return kSignatures; }

const Signature& signature_of(Failure failure) {
  const std::size_t number = static_cast<std::size_t>(failure);
  check(number >= 1 && number <= kSignatures.size(), "a failure has a number from 1 to 37");
  return kSignatures[number - 1];
}

std::string id_of(Failure failure) {
  const int number = static_cast<int>(failure);
  return (number < 10 ? "F0" : "F") + std::to_string(number);
}

std::string told(Failure failure, std::string_view evidence) {
  const Signature& signature = signature_of(failure);
  return told(failure, evidence, first_article(signature.articles), signature.cure);
}

std::string told(Failure failure, std::string_view evidence, std::string_view article,
                 std::string_view cure) {
  if (evidence.empty()) evidence = signature_of(failure).wrong;
  return std::string(evidence) + " (" + id_of(failure) + ", " + std::string(article) +
         "): " + std::string(cure);
}

}  // namespace sitewide::sms
