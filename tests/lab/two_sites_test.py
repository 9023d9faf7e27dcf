"""Two sites, one a secondary site of the other."""

import os

from lab_case import ArticleCase, LabCase

import articles
import system_map
from case_blind import find


class Sites(LabCase):
    OPTIONS = {"sites": ("HQ", "PLANT")}

    def plant_version(self):
        return self.version(self.lab.sites["PLANT"].client_src)

    def plant_program(self):
        return find(self.lab.sites["PLANT"].client_src, "X86.bin/Pcmwin32.exe").read_bytes()

    def test_each_has_its_own_root_logon_servers_and_clients(self):
        plant = self.lab.sites["PLANT"]
        self.assertEqual(plant.root, self.root.resolve() / "plant/SMS")
        self.assertEqual(list(plant.logon_servers), ["S768BA0", "S768BA1"])
        mine = [name for name, record in self.lab.clients.items() if record["site"] == "PLANT"]
        self.assertEqual(mine, ["pc003", "pc006", "pc009"])
        self.assertEqual(self.ini("pc003", "SMS", "SiteCode"), "PLA")
        self.assertEqual(self.ini("pc003", "SMS", "SMS Unique ID"), "PLA00003")
        self.assertIn(self.client("pc003").share, plant.logon_servers.values())
        self.assertEqual(self.ini("pc001", "SMS", "SiteCode"), "HQ0")

    def test_a_touch_of_the_primarys_system_map_sends_files_and_touch_to_the_secondary(self):  # Q107244
        self.stage_hotfix()
        self.pass_time(4)
        self.assertNotEqual(self.plant_program(), self.hotfix())
        before = self.plant_version()
        self.touch_system_map()
        self.pass_time(6)
        self.assertEqual(self.plant_program(), self.hotfix())
        self.assertNotEqual(self.plant_version(), before)
        self.pass_time(6)
        self.assertEqual(self.installed("pc003"), self.hotfix())
        self.assertEqual(self.phase("pc003"), "INSTALLED")

    def test_what_is_staged_without_a_touch_stays_at_the_primary(self):
        self.stage_hotfix()
        self.pass_time(10)
        self.assertNotEqual(self.plant_program(), self.hotfix())
        self.assertEqual(self.plant_version(), str(articles.SITE_SET_UP))

    def test_a_touch_of_the_secondarys_own_map_reaches_its_clients_alone(self):
        path = self.lab.sites["PLANT"].root / "System.map"
        self.edit_time(path)
        self.pass_time(8)
        self.assertNotEqual(self.ini("pc003", "SMS", "CopyListVersion"), str(articles.SITE_SET_UP))
        self.assertEqual(self.ini("pc001", "SMS", "CopyListVersion"), str(articles.SITE_SET_UP))

    def test_one_touch_is_sent_once_also_over_a_restart(self):
        self.touch_system_map()
        self.pass_time(6)
        version = self.plant_version()
        self.restart_stand_ins()
        self.pass_time(8)
        self.assertEqual(self.plant_version(), version)

    def test_without_its_executive_the_primary_sends_nothing(self):
        self.touch_system_map()
        self.pass_time(1)
        self.run_tool("lab-service", self.root, "HQ", "stop", "SMS_EXECUTIVE")
        self.pass_time(6)
        self.assertEqual(self.plant_version(), str(articles.SITE_SET_UP))

    def test_each_sites_maintenance_manager_is_told_by_a_name_of_its_own(self):
        self.lab.behaviours.put("maintenance-manager@PLANT", "dead")
        self.pass_time(3)
        self.assertIsNone(find(self.lab.sites["PLANT"].root, "Logs/Maintman.log"))
        self.assertIsNotNone(find(self.lab.site_server, "Logs/Maintman.log"))

    def test_a_secondary_site_has_no_hierarchy_manager(self):
        query = ("lab-service", self.root)
        self.assertEqual(self.run_tool(*query, "HQ", "query", "SMS_HIERARCHY_MANAGER")[0], 0)
        self.assertEqual(self.run_tool(*query, "PLANT", "query", "SMS_HIERARCHY_MANAGER")[0], 2)

    def test_the_plan_lists_both(self):
        text = (self.root / "plan.yaml").read_text()
        self.assertIn("  HQ:\n    root: hq/SMS\n    logon_servers: {S768AA0: s768aa0, S768AA1: s768aa1}\n", text)
        self.assertIn("  PLANT:\n    root: plant/SMS\n", text)
        rows = (self.root / "clients.csv").read_text().splitlines()
        self.assertIn("pc003,pc003.plant.example,PLANT,x86,nt,head-office", rows)

    def hotfix(self):
        return articles.HOTFIX[0].content()

    def edit_time(self, path):
        stamp = path.stat().st_mtime + 10
        os.utime(path, (stamp, stamp))


class EditsAtThePrimary(ArticleCase):
    OPTIONS = {"sites": ("HQ", "PLANT")}

    def test_are_not_sent_along_with_the_touch(self):
        self.stage_payload()
        self.edit_system_map(('"GETDISK.EXE", SIZE', '"95GETDSK.EXE", SIZE'))
        self.pass_time(6)
        names = {
            site: {entry.name for entry in self.entries(site)} & {"Getdisk.exe", "95getdsk.exe"}
            for site in ("HQ", "PLANT")
        }
        self.assertEqual(names, {"HQ": {"95getdsk.exe"}, "PLANT": {"Getdisk.exe"}})
        sent = self.staged("Site.srv/Maincfg.box/Client.src/X86.bin/95Getdsk.exe", "PLANT")
        self.assertEqual(sent, self.payload("95Getdsk.exe"))

    def entries(self, site):
        path = self.lab.sites[site].root / "System.map"
        return system_map.entries(path.read_bytes().decode("latin-1"))
