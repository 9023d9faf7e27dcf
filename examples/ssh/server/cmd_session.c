/* What Windows' OpenSSH server does with a command: hands the whole string to cmd.exe, in quotes,
 * as it came. Run by Wine, which could not pass it on an argv: that is quoted again on the way.
 */
#include <windows.h>

int main(void) {
  static WCHAR command[32768];
  static WCHAR line[33000];
  STARTUPINFOW start = {sizeof start};
  PROCESS_INFORMATION process;
  DWORD code = 1;
  if (GetEnvironmentVariableW(L"CMD_SESSION", command, 32768) == 0) return 2;
  SetEnvironmentVariableW(L"CMD_SESSION", NULL);
  lstrcpyW(line, L"cmd.exe /c \"");
  lstrcatW(line, command);
  lstrcatW(line, L"\"");
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process)) return 127;
  WaitForSingleObject(process.hProcess, INFINITE);
  GetExitCodeProcess(process.hProcess, &code);
  return (int)code;
}
