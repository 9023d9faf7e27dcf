@echo off
rem Upgrade.bat of the lab: the front end of Client Setup in upgrade mode (cli_x /u).
rem It is run with the logon server's share as the current drive. Its exit code means nothing,
rem and its closing words come whether or not it worked, as with its sibling Deinstal.bat
rem (Q125978, Q153303): only SetupPhase in SMS.INI tells.
rem
rem Under Wine every client is Windows NT on one kind of CPU, so all of them, the Alpha ones
rem too, run the x86-64 program in X86.bin.
rem
rem C:\LAB stands on the Wine side of a client that was told to misbehave.
if exist C:\LAB\GARBLE type C:\LAB\GARBLE
if exist C:\LAB\HANG goto hang
if exist C:\LAB\FAIL goto closing
if "%OS%"=="Windows_NT" goto nt
echo Running cli_dos /u
X86.bin\cli_dos.exe /u
goto closing
:nt
echo Running cli_nt /u
X86.bin\cli_nt.exe /u
goto closing
:hang
ping -n 2 127.0.0.1 >nul
goto hang
:closing
echo The first phase of the Systems Management Server client upgrade is complete.
echo To finish it, log off and log on again, or restart Windows.
