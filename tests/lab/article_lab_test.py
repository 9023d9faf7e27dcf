"""A lab of an article: what lies where, and what edits of System.map do to clients (Q231821, Q193269)."""

import re
import tempfile
import unittest
from pathlib import Path

from lab_case import ArticleCase, build, tree

import contents
import copy_list
import map_text
import system_map
from case_blind import find

CLIENT_SRC = "Site.srv/Maincfg.box/Client.src"


class TwoLabsOfAnArticle(unittest.TestCase):
    def test_are_equal_to_the_byte_but_for_their_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            labs = [Path(folder) / "one", Path(folder) / "two"]
            for root in labs:
                held = contents.of_article("Q254228", "0000040C")
                build(root, contents=held, systems={"nt": 1, "win95": 1}, sites=("HQ", "PLANT"))
            one, two = ({path: held for path, (held, _) in tree(root).items()} for root in labs)
            self.assertEqual(one, two)


class DuplicatedEntry(ArticleCase):
    """Q193031: a copy of the entry of GETDISK.EXE, under the name of 95GETDSK.EXE."""

    def entry(self, text, name):
        return re.search(rf'   "{name}", SIZE.*?FLAGS = \d+\r\n', text, re.S).group(0)

    def map(self):
        return (self.lab.site_server / "System.map").read_bytes().decode("latin-1")

    def duplicate(self):
        old = self.entry(self.map(), "GETDISK.EXE")
        new = old.replace("GETDISK", "95GETDSK").replace("16548, 16548", "118960, 118960")
        self.edit_system_map((old, old + new))

    def test_the_entry_has_the_releases_size_wraps_and_ends_lines_as_dos_does(self):
        text = self.map()
        entry = self.entry(text, "GETDISK.EXE")
        self.assertIn("SIZE(1, 16548, 16548)", entry)
        self.assertIn('"GETDISK.EX_"', entry)
        self.assertGreater(entry.count("\r\n"), 1)
        for system in ("DOS", "WIN16", "WIN95"):
            self.assertIn(f'"{system}:STANDARD" = "SMS"', entry)
        self.assertNotIn("95GETDSK", text)
        self.assertEqual(text.count("\n"), text.count("\r\n"))

    def test_without_the_edit_the_new_file_reaches_logon_servers_and_no_client(self):
        self.stage_payload()
        self.pass_time(2)
        self.touch_system_map()
        self.pass_time(8)
        for share in self.lab.logon_servers.values():
            self.assertEqual(find(share, "X86.bin/95Getdsk.exe").read_bytes(), self.payload("95Getdsk.exe"))
        self.assertEqual(self.installed("pc002", "Getdisk.exe"), self.payload("Getdisk.exe"))
        self.assertIsNone(find(self.lab.drive("pc002"), "MS/SMS/BIN/95Getdsk.exe"))

    def test_with_the_edit_each_systems_list_names_it_and_clients_take_it(self):
        self.stage_payload()
        self.pass_time(2)
        self.duplicate()
        self.pass_time(8)
        for system, listed in (("WIN95", True), ("WIN16", True), ("DOS", True), ("WINNT", False)):
            text = (self.lab.client_src / copy_list.NAMES[system]).read_text("latin-1")
            self.assertEqual("95getdsk.exe=SMS" in text, listed, system)
        for name, system in (("pc002", "win95"), ("pc003", "win16"), ("pc004", "dos")):
            self.assertEqual(self.lab.clients[name]["os"], system)
            self.assertEqual(self.installed(name, "95Getdsk.exe"), self.payload("95Getdsk.exe"), name)
            self.assertEqual(self.phase(name), "INSTALLED")
        self.assertIsNone(find(self.lab.drive("pc001"), "MS/SMS/BIN/95Getdsk.exe"))


class RemovedListsAndMergedFragment(ArticleCase):
    """Q193269: Windows 95 lists leave three entries, and a fragment brings the files that follow them."""

    ARTICLE = "Q193269"
    SYSTEMS = {"win95": 1, "win16": 1}

    def test_entries_of_the_same_name_stand_in_other_blocks_too(self):
        text = (self.lab.site_server / "System.map").read_bytes().decode("latin-1")
        blocks = re.findall(r'DIRECTORY "([^"]+)"\r\n.*?LANGUAGE "(\w*)".*?BEGIN(.*?)END', text, re.S)
        holding = {name: [] for name in ("WUSER.EXE", "VUSER.386", "_WUSER.DLL")}
        for directory, language, body in blocks:
            for name, found in holding.items():
                if f'"{name}", SIZE' in body:
                    found.append((directory.rpartition("\\CLIENT.SRC\\")[2], language))
        twin = [("X86.BIN", ""), ("SITE.SRV\\X86.BIN", "")]
        self.assertEqual(holding["WUSER.EXE"], twin)
        self.assertEqual(holding["VUSER.386"], twin)
        self.assertEqual(holding["_WUSER.DLL"], [("X86.BIN\\00000409", "ENGLISH"), ("X86.BIN\\0000040C", "FRENCH")])
        self.assertRegex(text, r'(?s)"VUSER.386", SIZE.*?FLAGS = 1\r\n')

    def test_the_fragment_names_the_new_files_and_has_the_size_of_the_article(self):
        fragment = self.payload("System.ma_")
        self.assertEqual(len(fragment), 2_451)
        text = fragment.decode("latin-1")
        self.assertIn('DIRECTORY "SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\X86.BIN"\r\n', text)
        self.assertIn('LANGUAGE "ENGLISH"', text)
        self.assertEqual(len(re.findall(r'"WIN95:REMOTE_CONTROL\w*"', text)), 13)

    def test_clients_take_merged_files_each_from_its_language_folder(self):
        text = self.payload("System.ma_").decode("latin-1")
        merged = []
        for directory in ("X86.BIN", "X86.BIN\\00000409"):
            head = f'CLIENT.SRC\\{directory}"\r\n'
            body = text.split(head)[1].split("BEGIN\r\n")[1].split("END")[0]
            own = (self.lab.site_server / "System.map").read_bytes().decode("latin-1")
            start = head + own.split(head)[1].split("BEGIN\r\n")[0] + "BEGIN\r\n"
            merged.append((start, start + body))
        self.stage_payload()
        self.pass_time(2)
        self.edit_system_map(*merged)
        self.pass_time(8)
        for name in ("Wuser9x.exe", "_Wuser9x.dll"):
            self.assertEqual(self.installed("pc001", name), self.payload(name))
            self.assertIsNone(find(self.lab.drive("pc002"), f"MS/SMS/BIN/{name}"))
        self.assertEqual(
            find(self.lab.drive("pc001"), "WINDOWS/Vuser9x.vxd").read_bytes(), self.payload("VUser9x.vxd")
        )

    def test_a_list_that_is_taken_away_is_gone_from_that_systems_copy_list_alone(self):
        self.edit_system_map(('"WIN95:REMOTE_CONTROL_386" = "WINDIR"', '"WIN16:NETWARE" = "WINDIR"'))
        self.pass_time(2)
        for name, listed in (("Cl_w95.txt", False), ("Cl_win.txt", True)):
            text = (self.lab.client_src / name).read_text("latin-1")
            self.assertEqual("Vuser.386" in text, listed, name)


class ServersAndClients(ArticleCase):
    """Q256071: files for clients, servers and both, of two CPUs."""

    ARTICLE = "Q256071"
    SYSTEMS = {"nt": 5, "os2": 1}

    def test_old_files_lie_on_site_logon_servers_and_the_clients_that_have_them(self):
        old = self.staged(f"{CLIENT_SRC}/X86.bin/Inv32cli.exe")
        self.assertEqual(self.staged("Site.srv/X86.bin/Invwin32.exe"), self.staged("Helper.srv/X86.bin/Invwin32.exe"))
        for share in self.lab.logon_servers.values():
            self.assertEqual(find(share, "X86.bin/Inv32cli.exe").read_bytes(), old)
            self.assertIsNone(find(share, "X86.bin/Invproc.dll"))
        self.assertEqual(find(self.lab.drive("pc001"), "WINNT/Inv32cli.exe").read_bytes(), old)
        alpha = next(name for name, record in self.lab.clients.items() if record["platform"] == "alpha")
        self.assertEqual(
            find(self.lab.drive(alpha), "WINNT/Inv32cli.exe").read_bytes(),
            self.staged(f"{CLIENT_SRC}/Alpha.bin/Inv32cli.exe"),
        )
        self.assertIsNotNone(find(self.lab.drive("pc002"), "MS/SMS/BIN/Os2bios.exe"))
        self.assertIsNone(find(self.lab.drive("pc002"), "OS2/Inv32cli.exe"))

    def test_a_forced_update_brings_the_hotfix_to_each_of_them(self):
        self.stage_payload()
        self.pass_time(2)
        self.touch_system_map()
        self.pass_time(8)
        for name, record in self.lab.clients.items():
            cpu, program = record["platform"], "Inv32cli.exe" if record["os"] == "nt" else "Os2bios.exe"
            folder = "WINNT" if record["os"] == "nt" else "MS/SMS/BIN"
            found = find(self.lab.drive(name), f"{folder}/{program}").read_bytes()
            self.assertEqual(found, self.payload(program, cpu), name)

    def test_the_plan_names_catalogue_payload_and_the_sites_programs(self):
        text = (self.root / "plan.yaml").read_text()
        self.assertIn("  catalogue: Q256071\n  payload: hotfix\n", text)
        self.assertRegex(text, r'query: \["/.*/lab-service", "\{site.root\}", "\{site.name\}", query, "\{service\}"\]')
        self.assertRegex(text, r'site_reset: \{run: \["/.*/lab-sendcode", .*"194"')
        self.assertNotIn(str(self.root), text)


class OfTwoLanguages(ArticleCase):
    """Q254228: a French server gives its clients the French files, and its plan says that it is French."""

    ARTICLE = "Q254228"
    LANGUAGE = "0000040C"
    SYSTEMS = {"nt": 1, "win95": 2}

    def test_plan_clients_and_folders_are_of_the_language(self):
        text = (self.root / "plan.yaml").read_text()
        self.assertIn("    language: '0000040C'\n", text)
        self.assertEqual(self.ini("pc002", "Local", "LanguageCode"), "0000040C")
        self.assertIsNotNone(self.staged(f"{CLIENT_SRC}/X86.bin/0000040C/Cl_w95.mod"))
        self.assertIn(b"0000040C", self.payload("Hotfix.map"))

    def test_the_plan_leaves_out_clients_that_no_build_is_for(self):
        text = (self.root / "plan.yaml").read_text()
        self.assertIn('select: "ring=canary, os in (win95)"', text)


class MapText(unittest.TestCase):
    def test_what_it_writes_system_map_reads(self):
        held = contents.of_article("Q193031", "00000409")
        expected = {
            (program.name.lower(), which.split(":")[0])
            for program in held.staged
            if program.client_folder()
            for which in program.lists
        }
        found = {(entry.name.lower(), entry.system) for entry in system_map.entries(held.system_map)}
        self.assertEqual(found, expected)

    def test_no_line_is_longer_than_a_hundred_characters_but_the_platforms(self):
        text = map_text.compose(contents.of_article("Q256071", "00000409").staged, "00000409")
        long = [line for line in text.split("\r\n") if len(line) > 102]
        self.assertEqual([line.split()[0] for line in long], ['"PLATFORM_DIRECTORY"'])
