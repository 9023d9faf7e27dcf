"""Pins each rule of the Maintenance Manager stand-in."""

import os
import re

from lab_case import HOTFIX, NOON, LabCase

import articles
import copy_list
from case_blind import find, place


class MaintenanceManagerRules(LabCase):
    def test_what_differs_from_client_src_is_copied_to_every_logon_server_with_its_time(self):
        self.stage_hotfix()
        path = find(self.lab.client_src, "X86.bin/Pcmwin32.exe")
        os.utime(path, (930_057_120, 930_057_120))
        self.pass_time(2)
        for share in self.lab.logon_servers.values():
            copied = find(share, "X86.bin/Pcmwin32.exe")
            self.assertEqual(copied.read_bytes(), HOTFIX[("Pcmwin32.exe", "x86")])
            self.assertEqual(copied.stat().st_mtime, 930_057_120)
        # Staging alone forces nothing (Q237690).
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_a_file_of_the_same_size_and_time_but_other_bytes_is_copied(self):
        path = find(self.lab.client_src, "Alpha.bin/Pcmwin32.exe")
        stamp = path.stat().st_mtime
        self.pass_time(2)
        path.with_name("new").write_bytes(HOTFIX[("Pcmwin32.exe", "alpha")])
        os.replace(path.with_name("new"), path)
        os.utime(path, (stamp, stamp))
        self.pass_time(2)
        for share in self.lab.logon_servers.values():
            copied = find(share, "Alpha.bin/Pcmwin32.exe").read_bytes()
            self.assertEqual(copied, HOTFIX[("Pcmwin32.exe", "alpha")])

    def test_nothing_is_ever_deleted_on_a_logon_server(self):
        find(self.lab.client_src, "X86.bin/Getdisk.exe").unlink()
        self.touch_system_map()
        self.pass_time(4)
        for share in self.lab.logon_servers.values():
            self.assertIsNotNone(find(share, "X86.bin/Getdisk.exe"))

    def test_a_new_time_on_system_map_makes_all_copy_lists_anew_everywhere(self):
        before = self.version(self.lab.client_src)
        self.touch_system_map()
        self.pass_time(2)
        versions = {
            self.version(folder, name)
            for folder in (self.lab.client_src, *self.lab.logon_servers.values())
            for name in copy_list.NAMES.values()
        }
        self.assertEqual(len(versions), 1)
        self.assertNotEqual(versions, {before})

    def test_an_older_time_is_a_new_time_too(self):
        self.touch_system_map(later=-10)
        self.pass_time(2)
        self.assertNotEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_without_a_new_time_no_copy_list_is_made_whatever_system_map_holds(self):
        path = self.lab.site_server / "System.map"
        path.write_bytes(path.read_bytes() + b"\r\n")
        os.utime(path, (articles.SITE_SET_UP, articles.SITE_SET_UP))
        self.pass_time(3)
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_a_time_within_the_same_two_seconds_is_not_seen(self):
        self.touch_system_map(later=1)
        self.pass_time(3)
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_one_new_time_makes_one_new_version_and_a_restart_of_the_service_none(self):
        self.touch_system_map()
        self.pass_time(2)
        version = self.version(self.lab.client_src)
        self.restart_stand_ins()
        self.pass_time(3)
        self.assertEqual(self.version(self.lab.client_src), version)

    def test_each_new_time_makes_a_version_never_used_before(self):
        seen = {self.version(self.lab.client_src)}
        for _ in range(3):
            self.touch_system_map()
            self.pass_time(1.2)
            seen.add(self.version(self.lab.client_src))
        self.assertEqual(len(seen), 4)

    def test_a_damaged_system_map_is_event_237_and_no_copy_list(self):
        path = self.lab.site_server / "System.map"
        path.write_bytes(path.read_bytes().replace(b"END", b"EN", 1))
        self.touch_system_map()
        self.pass_time(2)
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))
        self.assertIn("event 237", self.log())

    def test_copy_lists_reach_a_logon_server_before_programs(self):
        self.stage_hotfix()
        self.touch_system_map()
        manager = self.stand_ins.managers["HQ"]
        manager._look_at_system_map(NOON)
        names = [str(path) for path, _ in manager._differing(self.lab.logon_servers["S768AA0"])]
        kinds = [name.lower().startswith("cl_") for name in names]
        self.assertEqual(kinds, [True] * 5 + [False] * 3)

    def test_while_it_is_dead_nothing_is_copied_and_its_log_stands_still(self):
        self.pass_time(1)
        log = self.log()
        self.lab.behaviours.put("maintenance-manager", "dead")
        self.stage_hotfix()
        self.touch_system_map()
        self.pass_time(5)
        self.assertEqual(self.log(), log)
        self.assertFalse(self.fresh("S768AA0"))
        self.lab.behaviours.clear("maintenance-manager")
        self.pass_time(2)
        self.assertTrue(self.fresh("S768AA0"))

    def test_a_lagging_logon_server_gets_files_and_lists_that_much_later(self):
        self.lab.behaviours.put("S768AA1", "lag=5")
        self.stage_hotfix()
        self.pass_time(4)
        self.assertEqual((self.fresh("S768AA0"), self.fresh("S768AA1")), (True, False))
        self.pass_time(4)
        self.assertTrue(self.fresh("S768AA1"))

    def test_a_logon_server_whose_disk_check_fails_is_skipped_for_ever(self):
        self.lab.behaviours.put("S768AA1", "never")
        self.stage_hotfix()
        self.pass_time(10)
        self.assertFalse(self.fresh("S768AA1"))
        self.assertIn("~Free disk space check failed (error 144), skipping...", self.log())

    def test_log_lines_have_the_documented_form(self):
        self.pass_time(2)
        form = re.compile(
            r"^(~*)(.*?)(~*)\s*\$\$<SMS_MAINTENANCE_MANAGER>"
            r"<\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}~><thread=[0-9A-F]+>$"
        )
        lines = self.log().splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, form)
        self.assertIn("~Working on logon server S768AA1~   $$<", self.log())

    def fresh(self, server):
        content = find(self.lab.logon_servers[server], "X86.bin/Pcmwin32.exe").read_bytes()
        return content == HOTFIX[("Pcmwin32.exe", "x86")]

    def log(self):
        return place(self.lab.site_server, "Logs/Maintman.log").read_bytes().decode("latin-1")
