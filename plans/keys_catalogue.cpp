// The keys of a catalogue entry.
#include "plans/keys_shared.h"

namespace sitewide {
namespace {

constexpr std::string_view kMethods[] = {"upgrade_bat", "site_wide"};

constexpr Key kCatalogueFileKeys[] = {
    kFileName,
    kFilePlatform,
    kFileSize,
    kFileDate,
    kFileLanguage,
    kFileSystems,
    kFileTo,
    kOnSite,
    kOnLogonServer,
    kOnClient,
    {.name = "edition",
     .scalar = Scalar::language,
     .description = "The language of the sites that this build is for. Default: any."},
    {.name = "optional",
     .scalar = Scalar::flag,
     .fallback = "false",
     .description = "Supplied, but rolled out only by a plan that lists it."},
};
constexpr Section kCatalogueFile = {
    "file", "One file of the article's table.", kCatalogueFileKeys, {}};

constexpr Key kRequiresKeys[] = {
    {.name = "service_packs",
     .form = Form::list,
     .scalar = Scalar::natural,
     .description = "The service packs of SMS 1.2 that it is for; 0 is none. Default: any."},
    {.name = "fixes",
     .form = Form::list,
     .scalar = Scalar::article,
     .description = "Hotfixes that a site must have before."},
    {.name = "language",
     .scalar = Scalar::language,
     .description = "The language that a site must have. Default: any."},
    {.name = "platforms",
     .form = Form::list,
     .scalar = Scalar::word,
     .words = kPlatforms,
     .description = "CPUs of the clients that it is for. Default: those of its files."},
    {.name = "os",
     .form = Form::list,
     .scalar = Scalar::word,
     .words = kSystems,
     .description = "Clients that it is for. Default: those of its files."},
};
constexpr Section kRequires = {"requires", "What an article needs.", kRequiresKeys, {}};

constexpr Key kToolKeys[] = {
    kFileName,
    {.name = "platform",
     .scalar = Scalar::word,
     .words = kPlatforms,
     .description = "The CPU it is for. Default: it is no program."},
    kFileSize,
    kFileDate,
    {.name = "edition",
     .scalar = Scalar::language,
     .description = "The language of the sites that it is for. Default: any."},
};
constexpr Section kTool = {"tool", "What is supplied but goes to no folder of SMS.", kToolKeys, {}};

const Key kCatalogueKeys[] = {
    {.name = "article", .scalar = Scalar::article, .required = true, .description = "Its number."},
    {.name = "title", .scalar = Scalar::text, .required = true, .description = "What it mends."},
    {.name = "product", .scalar = Scalar::text, .required = true, .description = "What it is for."},
    {.name = "methods",
     .form = Form::list,
     .scalar = Scalar::word,
     .words = kMethods,
     .required = true,
     .description = "How clients may be triggered."},
    {.name = "requires",
     .form = Form::section,
     .section = &kRequires,
     .description = "What sites and clients must have."},
    {.name = "supersedes",
     .form = Form::list,
     .scalar = Scalar::article,
     .description = "Hotfixes that it replaces."},
    {.name = "files",
     .form = Form::section_list,
     .section = &kCatalogueFile,
     .description = "The article's table. Default: it supplies none."},
    {.name = "tools",
     .form = Form::section_list,
     .section = &kTool,
     .description = "Fragments, installers and tools of the article's table."},
    kSiteSteps,
    kClientSteps,
    {.name = "errata",
     .form = Form::list,
     .scalar = Scalar::paragraph,
     .description = "Where the article contradicts itself or others; warnings of every plan that "
                    "names it."},
    {.name = "notes",
     .form = Form::list,
     .scalar = Scalar::paragraph,
     .description = "What else a reader must know: conditions, work by hand."},
};
const Section kCatalogue = {"catalogue entry", "One hotfix article.", kCatalogueKeys, {}};

}  // namespace

const Section& catalogue_section() { return kCatalogue; }

}  // namespace sitewide
