#include "adapters/share.h"

#include "adapters/folder_files.h"
#include "adapters/smb/smb_files.h"

namespace sitewide {

std::shared_ptr<Files> open_share(const std::string& root, const SmbLogin& login,
                                  const std::shared_ptr<SmbSessions>& sessions) {
  const auto place = parse_smb_place(root);
  // What is no place was refused when the plan was read; as a folder it is missing.
  if (is_smb_place(root) && place) {
    SmbOptions options;
    options.temporaries_in_root = true;
    return std::make_shared<SmbFiles>(*place, login, sessions, options);
  }
  FolderOptions options;
  options.temporaries_in_root = true;
  return std::make_shared<FolderFiles>(root, options);
}

}  // namespace sitewide
