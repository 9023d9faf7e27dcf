/* Client Setup for Windows NT in upgrade mode, as far as a lab needs it: it writes
 * [Local] SetupPhase=UPGRADE to Sms.ini and ends. Nothing is copied here: that happens at the
 * next log-on or restart (Q125978, Q168463). Wine's cmd has no tool that edits an INI file, hence C. */

#include <stdio.h>
#include <string.h>
#include <windows.h>

/* The root of C:, and where wine-batch shows what lies in a client's own Windows folder. */
static const char *const kPlaces[] = {"C:\\SMS.INI", "C:\\LAB\\SMS.INI"};

static const char *sms_ini(void) {
    for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i)
        if (GetFileAttributesA(kPlaces[i]) != INVALID_FILE_ATTRIBUTES) return kPlaces[i];
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 2 || strcmp(argv[1], "/u") != 0) {
        puts("cli_nt: the lab's Client Setup knows /u only");
        return 2;
    }
    /* WritePrivateProfileString would make a missing file: a client without one was removed. */
    const char *found = sms_ini();
    if (found == NULL || !WritePrivateProfileStringA("Local", "SetupPhase", "UPGRADE", found)) {
        puts("Problem opening or creating SMS.INI"); /* Q161216 */
        return 1;
    }
    return 0;
}
