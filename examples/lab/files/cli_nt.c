/* Client Setup for Windows NT in upgrade mode, as far as a lab needs it: it writes
 * [Local] SetupPhase=UPGRADE to C:\SMS.INI and ends. Nothing is copied here: that happens at the
 * next log-on or restart (Q125978, Q168463). Wine's cmd has no tool that edits an INI file, hence C. */

#include <stdio.h>
#include <string.h>
#include <windows.h>

static const char kSmsIni[] = "C:\\SMS.INI";

int main(int argc, char **argv) {
    if (argc != 2 || strcmp(argv[1], "/u") != 0) {
        puts("cli_nt: the lab's Client Setup knows /u only");
        return 2;
    }
    /* WritePrivateProfileString would make a missing file: a client without one was removed. */
    if (GetFileAttributesA(kSmsIni) == INVALID_FILE_ATTRIBUTES ||
        !WritePrivateProfileStringA("Local", "SetupPhase", "UPGRADE", kSmsIni)) {
        puts("Problem opening or creating SMS.INI"); /* Q161216 */
        return 1;
    }
    return 0;
}
