@echo off
rem Upgrade.cmd of the lab: what Upgrade.bat is to all other clients, for those of OS/2 (cli_os2 /u).
rem Under Wine they too run the x86-64 program cli_nt. C:\LAB says that the client runs OS/2, or misbehaves.
if exist C:\LAB\GARBLE type C:\LAB\GARBLE
if exist C:\LAB\HANG goto hang
if exist C:\LAB\FAIL goto closing
if not exist C:\LAB\CLI_OS2 goto closing
echo Running cli_os2 /u
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
echo To finish it, log off and log on again, or start a new Win-OS/2 session.
