@echo off
rem Upgrade.bat of the lab: the front end of Client Setup in upgrade mode (cli_x /u).
rem It is run with the logon server's share as the current drive. Its exit code means nothing,
rem and its closing words come whether or not it worked, as with its sibling Deinstal.bat
rem (Q125978, Q153303): only SetupPhase in SMS.INI tells.
rem
rem Under Wine every client is Windows NT on one kind of CPU, so all of them, the Alpha ones
rem and those of DOS, Windows 3.x and 95 too, run the x86-64 program cli_nt in X86.bin.
rem
rem C:\LAB stands on the Wine side of a client that was told to misbehave, or that is not NT.
if exist C:\LAB\GARBLE type C:\LAB\GARBLE
if exist C:\LAB\HANG goto hang
if exist C:\LAB\FAIL goto closing
if exist C:\LAB\CLI_OS2 goto closing
if exist C:\LAB\CLI_DOS goto dos
set CLI=cli_nt
goto run
:dos
set CLI=cli_dos
:run
echo Running %CLI% /u
if exist C:\LAB\INI_LOCKED goto locked
X86.bin\cli_nt.exe /u
goto closing
:locked
echo Problem opening or creating SMS.INI
goto closing
:hang
ping -n 2 127.0.0.1 >nul
goto hang
:closing
echo The first phase of the Systems Management Server client upgrade is complete.
echo To finish it, log off and log on again, or restart Windows.
