// Keys that plans and catalogue entries share. Included by the tables of both alone.
#pragma once

#include "plans/keys.h"

namespace sitewide {

inline constexpr std::string_view kPlatforms[] = {"x86", "alpha", "mips"};
inline constexpr std::string_view kSystems[] = {"nt", "win95", "win16", "dos", "os2"};
inline constexpr std::string_view kTo[] = {"client", "logon_server", "server", "helper"};

inline constexpr Key kFileName = {.name = "name",
                                  .scalar = Scalar::file_name,
                                  .required = true,
                                  .description = "The file's name on site and client."};
inline constexpr Key kFilePlatform = {.name = "platform",
                                      .scalar = Scalar::word,
                                      .words = kPlatforms,
                                      .required = true,
                                      .description = "The CPU it is for."};
inline constexpr Key kFileSize = {
    .name = "size",
    .scalar = Scalar::size,
    .description = "Bytes that the payload must have; KB as an article rounds them."};
inline constexpr Key kFileDate = {
    .name = "date",
    .scalar = Scalar::date,
    .description =
        "The file's date; a payload that is older by more than a day "
        "is refused. Default: the catalogue's, else the one in the file."};
inline constexpr Key kFileLanguage = {.name = "language",
                                      .scalar = Scalar::language,
                                      .description = "The language folder it belongs to."};
inline constexpr Key kFileSystems = {.name = "os",
                                     .form = Form::list,
                                     .scalar = Scalar::word,
                                     .words = kSystems,
                                     .description = "Clients that get it. Default: all."};
inline constexpr Key kFileTo = {
    .name = "to",
    .form = Form::list,
    .scalar = Scalar::word,
    .words = kTo,
    .fallback = "[\"client\"]",
    .description =
        "Who gets it: clients, logon servers alone, the site server itself, its helper servers."};
inline constexpr Key kOnSite = {.name = "on_site",
                                .scalar = Scalar::target,
                                .description = "Where it goes under the site's root."};
inline constexpr Key kOnLogonServer = {
    .name = "on_logon_server",
    .scalar = Scalar::target,
    .description = "Where logon servers show it, under their share."};
inline constexpr Key kOnClient = {
    .name = "on_client",
    .scalar = Scalar::target,
    .description = "Where clients hold it: `{sms_bin}/NAME`, or a path on drive C."};

/// Of a request to a web server.
inline const Key kHeaders = {
    .name = "headers",
    .form = Form::scalar_or_section_map,
    .scalar = Scalar::text,
    .section = &secret_section(),
    .description = "Name → value, or where it is: secrets never stand in a plan."};
inline constexpr Key kCaFile = {
    .name = "ca_file",
    .scalar = Scalar::path,
    .description = "Certificates to trust (PEM). Default: those of the system."};

inline const Key kSiteSteps = {
    .name = "site_steps",
    .form = Form::section_list,
    .section = &site_step_section(),
    .description =
        "What is done on a site, in order. Default: `[{copy: {}}]`, or those "
        "of the catalogue entry."};
inline const Key kClientSteps = {
    .name = "client_steps",
    .form = Form::section_list,
    .section = &client_step_section(),
    .description =
        "What is set on each client once it is proven, in order. Default: "
        "those of the catalogue entry."};

}  // namespace sitewide
