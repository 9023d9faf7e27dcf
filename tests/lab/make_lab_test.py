"""A lab is what its options and the articles say, to the byte."""

import hashlib
import re
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

from lab_case import HAS_WINE, HOTFIX, LAB, NOON, build, tree

import articles
import binary
import ini_file
import machines
import sms_log
import system_map


class MakeLab(unittest.TestCase):
    def test_two_labs_of_the_same_options_are_equal_to_the_byte_and_the_second(self):
        with tempfile.TemporaryDirectory() as folder:
            labs = [Path(folder) / "one", Path(folder) / "two"]
            for root in labs:
                build(root, compiled=HAS_WINE, behaviours={"pc003": "off"})
            one, two = (tree(root) for root in labs)
            self.assertEqual(one.keys(), two.keys())
            # Those four are written now; all others carry a time that belongs to their story.
            now = ("lab.json", "behaviours/pc003", "state/maintenance_manager.json")
            for path, (content, stamp) in one.items():
                self.assertEqual(content, two[path][0], path)
                if path not in now:
                    self.assertEqual(stamp, two[path][1], path)

    def test_payloads_have_the_sizes_cpus_and_dates_of_q237690(self):
        expected = {
            ("Pcmwin32.exe", "x86"): (470_448, 0x14C),
            ("Pcmwin32.exe", "alpha"): (1_175_312, 0x184),
            ("Pcmwin16.exe", "x86"): (454_032, None),
        }
        self.assertEqual(expected.keys(), HOTFIX.keys())
        for key, (size, machine) in expected.items():
            content = HOTFIX[key]
            self.assertEqual(len(content), size)
            at = int.from_bytes(content[0x3C:0x40], "little")
            self.assertEqual(content[at : at + 2], b"PE" if machine else b"NE")
            if machine:
                self.assertEqual(int.from_bytes(content[at + 4 : at + 6], "little"), machine)
                stamp = datetime.fromtimestamp(binary.time_stamp(content), timezone.utc)
                self.assertEqual((stamp.year, stamp.month, stamp.day), (1999, 6, 22))

    def test_the_old_alpha_program_is_a_twin_in_size_alone(self):
        old = next(p for p in articles.PREDECESSORS if (p.name, p.cpu) == ("Pcmwin32.exe", "alpha"))
        self.assertEqual(old.size, 1_175_312)
        self.assertNotEqual(old.content(), HOTFIX[("Pcmwin32.exe", "alpha")])

    def test_the_plan_names_the_payloads_digests(self):
        text = (LAB.parent / "q237690" / "plan.yaml").read_text()
        digests = re.findall(r'sha256: "([0-9a-f]{64})"', text)
        order = [("Pcmwin32.exe", "x86"), ("Pcmwin32.exe", "alpha"), ("Pcmwin16.exe", "x86")]
        self.assertEqual(digests, [hashlib.sha256(HOTFIX[key]).hexdigest() for key in order])

    def test_the_plan_in_the_lab_names_the_labs_tools_by_full_path(self):
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder) / "lab")
            text = (Path(folder) / "lab" / "plan.yaml").read_text()
        self.assertIn(f'batch: ["{LAB}/plain-batch",', text)
        self.assertIn(f'run: ["{LAB}/lab-restart",', text)

    def test_rings_and_platforms_follow_the_options(self):
        records = machines.clients(40, 6)
        rings = [record["ring"] for record in records.values()]
        self.assertEqual((rings.count("canary"), rings.count("head-office")), (6, 34))
        platforms = [record["platform"] for record in records.values()]
        self.assertEqual(platforms.count("alpha"), 8)
        story = machines.story("default", records)
        self.assertEqual(sorted(story.values()), ["brick", "off"])
        self.assertTrue(all(records[name]["ring"] == "head-office" for name in story))

    def test_a_file_without_copylists_is_on_no_copy_list(self):
        text = system_map.compose({"INTEL X86": [("A.exe", 1, {"DOS:PCM": "SMS"}), ("B.exe", 1, {})]})
        self.assertEqual([entry.name for entry in system_map.entries(text)], ["A.exe"])


class IniFile(unittest.TestCase):
    TEXT = "; top\r\n[SMS]\r\nOS = 4\r\nOdd line\r\n\r\n[local]\r\nSETUPPHASE=x\r\n"

    def test_names_are_compared_without_case_and_the_rest_stays_as_it_is(self):
        changed = ini_file.put(self.TEXT, "Local", "SetupPhase", "UPGRADE")
        self.assertEqual(changed, self.TEXT.replace("=x", "=UPGRADE"))
        self.assertEqual(ini_file.get(changed, "LOCAL", "setupphase"), "UPGRADE")

    def test_a_new_key_goes_to_the_end_of_its_section_and_a_new_section_to_the_end(self):
        self.assertIn("Odd line\r\nNew=1\r\n\r\n[local]", ini_file.put(self.TEXT, "SMS", "New", "1"))
        self.assertTrue(ini_file.put(self.TEXT, "More", "New", "1").endswith("[More]\r\nNew=1\r\n"))

    def test_a_dropped_key_takes_its_line_with_it(self):
        self.assertEqual(ini_file.drop(self.TEXT, "SMS", "os"), self.TEXT.replace("OS = 4\r\n", ""))


class ServerLogLine(unittest.TestCase):
    def test_days_and_months_are_english_whatever_the_locale(self):
        line = sms_log.server_line(NOON, "C", 0x12D, "~text")
        self.assertEqual(line, "~text~   $$<C><Sat Feb 03 12:00:00 2001~><thread=12D>\r\n")
