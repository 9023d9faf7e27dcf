#include "orchestrator/cli/completion_scripts.h"

namespace sitewide {
namespace {

// bash splits `--color=auto` at the sign; a word that is the sign alone is not begun yet.
constexpr std::string_view kBash =
    R"(# bash completion for sitewide; printed by `sitewide completion bash`
_sitewide() {
    local program=${COMP_WORDS[0]/#\~/$HOME} current=${COMP_WORDS[COMP_CWORD]} line files=
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) files=$line ;;
            *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <("$program" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    compopt -o nosort 2>/dev/null  # the newest rollout first
    [[ $current == = ]] && current=
    [[ $files ]] || return 0
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(
        case $files in
            :plans) compgen -d -- "$current"; compgen -f -X '!*.y*ml' -- "$current" ;;
            :files) compgen -f -- "$current" ;;
            :folders) compgen -d -- "$current" ;;
        esac
    )
}
complete -F _sitewide sitewide
)";

constexpr std::string_view kZsh = R"(#compdef sitewide
# zsh completion for sitewide; printed by `sitewide completion zsh`
_sitewide() {
    local line files= tab=$'\t' program=${words[1]/#\~/$HOME}
    local -a candidates
    while IFS= read -r line; do
        case $line in
            :*) files=$line ;;
            *) candidates+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
        esac
    done < <("$program" __complete "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)
    (( ${#candidates} )) && _describe -V sitewide candidates
    [[ -n $files ]] && compset -P '--*='
    case $files in
        :plans) _files -g '*.(yaml|yml)' ;;
        :files) _files ;;
        :folders) _files -/ ;;
    esac
}
if [[ ${funcstack[1]} == _sitewide ]]; then
    _sitewide "$@"
else
    compdef _sitewide sitewide
fi
)";

constexpr std::string_view kFish =
    R"(# fish completion for sitewide; printed by `sitewide completion fish`
function __sitewide_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    # What `--option=` begins, its file names must begin with too.
    set -l option (string match -r -- '^--[^=]*=' "$current")
    set -l value (string replace -r -- '^--[^=]*=' '' "$current")
    for line in ($program __complete $words "$current" 2>/dev/null)
        switch $line
            case ':plans'
                __fish_complete_suffix .yaml
            case ':files'
                printf '%s\n' "$option"(__fish_complete_path "$value")
            case ':folders'
                printf '%s\n' "$option"(__fish_complete_directories "$value")
            case '*'
                echo $line
        end
    end
end
complete -c sitewide -f -k -a '(__sitewide_complete)'
)";

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return kBash;
  if (shell == "zsh") return kZsh;
  if (shell == "fish") return kFish;
  return {};
}

}  // namespace sitewide
