#!/usr/bin/env python3
"""make_seeds.py DIR: the inputs that fuzzing begins with, a folder a target, made of what the tree holds: the
examples, the plans of the tests, and the files of a small lab. The same tree gives the same seeds."""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TREE = pathlib.Path(__file__).resolve().parents[2]
MOST_BYTES = 16384  # longer seeds make every input slow


class Seeds:
    def __init__(self, folder):
        self.folder = folder

    def add(self, target, name, text):
        data = text if isinstance(text, bytes) else text.encode()
        folder = self.folder / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data[:MOST_BYTES])

    def lines(self, target, texts):
        for number, text in enumerate(texts):
            self.add(target, f"line-{number:03}", text)


def plans(seeds):
    files = [*TREE.glob("tests/plans/good/*.yaml"), *TREE.glob("tests/plans/bad/*.yaml"),
             *TREE.glob("examples/*/plan.yaml")]
    values = set()
    for path in sorted(files):
        text = path.read_text(errors="replace")
        seeds.add("plan", f"{path.parent.name}-{path.name}", path.read_bytes())
        if path.parent.name != "bad":
            values.update(re.findall(r":\s*\"?([^\s,\[\]{}#\"]+)", text))
        for number, select in enumerate(re.findall(r"select: (.*)", text)):
            seeds.add("selector", f"{path.stem}-{number}", select)
        for number, pattern in enumerate(re.findall(r'"([^"\n]*\[[0-9][^"\n]*)"', text)):
            seeds.add("nodeset", f"{path.stem}-{number}", pattern)
            seeds.add("inventory_hosts", f"{path.stem}-{number}", f"HQ\n{pattern}\nsrv1\n")
        for number, argument in enumerate(re.findall(r'"([^"\n]*{[^"\n]*)"', text)):
            seeds.add("placeholders", f"{path.stem}-{number}", f"client.name=pc1\nclient.root=/c\n\n{argument}")
    seeds.lines("grammar", sorted(values))


EVENTS = [  # kind, subject, step, attempt, outcome, detail
    ("rollout_created", "rollout", "", 0, "", '{"id":"a-1","schedule":"' + "0" * 64 + '","engine":"0","user":"me"}'),
    ("controller_started", "rollout", "", 0, "",
     '{"fence":1,"engine":"0","host":"h","pid":7,"user":"me","idle":5}'),
    ("controller_stopping", "rollout", "", 0, "", '{"reason":"Ctrl-C"}'),
    ("clock_jumped", "rollout", "", 0, "", '{"by":-5000}'),
    ("rollout_ended", "rollout", "", 0, "completed", ""),
    ("group_started", "group/canary", "", 0, "", ""),
    ("wave_started", "wave/canary/1", "", 0, "", ""),
    ("wave_passed", "wave/canary/2", "", 0, "", ""),
    ("group_passed", "group/plant", "", 0, "", '{"reason":"skipped"}'),
    ("gate_opened", "group/canary", "", 0, "", '{"wave":1,"position":0}'),
    ("gate_passed", "group/canary", "", 0, "", '{"position":0}'),
    ("step_started", "client/pc1", "inspect", 1, "", '{"deadline":1795000000000}'),
    ("step_started", "site/HQ", "stage", 2, "", '{"deadline":1795000000000}'),
    ("step_noted", "client/pc1", "converge", 1, "", '{"note":"component in use","reachable":false}'),
    ("step_in_doubt", "client/pc1", "trigger", 1, "", '{"reason":"no answer"}'),
    ("step_finished", "client/pc1", "inspect", 1, "ok", ""),
    ("step_finished", "client/pc1", "inspect", 1, "failed",
     '{"reason":"exit 3","exit_code":3,"on_target":true,"recovered":true,"facts":{"os":"nt"}}'),
    ("retry_scheduled", "client/pc1", "inspect", 0, "", '{"due":1795000000000}'),
    ("client_queued", "client/pc1", "", 0, "", ""),
    ("client_settled", "client/pc1", "", 0, "late", '{"reason":"off","final":true}'),
    ("forced_without_backup", "client/kiosk1", "", 0, "", ""),
    ("warned", "site/PLANT", "", 0, "", '{"text":"slow"}'),
    ("breached", "group/canary", "", 0, "", '{"failed":1,"tolerated":0}'),
    ("halted", "group/canary", "", 0, "", '{"reason":"breach"}'),
    ("rollback_started", "group/canary", "", 0, "", '{"scope":"group","undo_sites":["HQ"],"user":"me"}'),
    ("rollback_finished", "rollout", "", 0, "", '{"restored":1,"needs_hands":0}'),
    ("paused", "rollout", "", 0, "", '{"user":"me","host":"h","reason":"r"}'),
    ("continued", "rollout", "", 0, "", '{"user":"me","idle":60000}'),
    ("aborted", "rollout", "", 0, "", '{"policy":"rollback","user":"me"}'),
    ("approved", "group/canary", "", 0, "", '{"wave":1,"name":"board","user":"me"}'),
    ("skipped", "client/pc1", "", 0, "", '{"user":"me"}'),
    ("retry_ordered", "rollout", "", 0, "", '{"user":"me"}'),
    ("acknowledged", "group/canary", "", 0, "", '{"count":1,"user":"me","reason":"r"}'),
    ("order_refused", "rollout", "", 0, "", '{"order":"skip","why":"no","user":"me"}'),
]


def order(verb, subject="", name="", count=0):
    return (f'{{"verb":"{verb}","subject":"{subject}","name":"{name}","count":{count},'
            f'"user":"me","host":"h","reason":"because"}}')


def records(seeds):
    for number, event in enumerate(EVENTS):
        seeds.add("event", f"{number:02}-{event[0]}", "\n".join(map(str, event)))
    orders = [order("pause"), order("continue"), order("approve", "canary", "board"), order("skip", "pc1"),
              order("skip", "plant"), order("retry"), order("retry", "canary"), order("acknowledge", "canary", "", 1),
              order("rollback", "pc1"), order("rollback"), order("abort", "", "rollback"), order("abort", "", "drain")]
    seeds.lines("order", [*orders, "\n".join(orders), "\n".join(orders[:6]), "\n".join(reversed(orders))])
    digest = "0123456789abcdef" * 4
    file = (f'{{"path":"X86.bin/a.exe","hotfix":"{digest}","digest":"{digest}","size":7,'
            f'"modified":"1999-06-22T13:12:00Z"}}')
    gone = f'{{"path":"b.exe","hotfix":"{digest}","digest":null}}'
    seeds.lines("manifest", [
        f'{{"format":1,"kind":"site","files":[{file},{gone}]}}',
        f'{{"format":1,"kind":"client","at":"1999-06-22T13:12:00Z","sms_ini":"Sms.ini","sms_ini_digest":"{digest}",'
        f'"setup_phase":"INSTALLED","copy_list_version":"835643765","files":[{file}]}}',
        '{"format":1,"kind":"settings","parts":[{"there":true,"value":"5","type":"REG_DWORD","section_there":true},'
        '{"there":false,"value":"","type":"","section_there":false}]}',
        f'{{"format":1,"kind":"force","stamp":"1999-06-22T13:12:00Z","digest":"{digest}",'
        f'"versions":{{"S768AA0":{{"Cl_nt.txt":"835643765"}}}}}}'])


def saved_previews(seeds):
    plan = "version: 1\n"
    digest = hashlib.sha256(plan.encode()).hexdigest()
    head, clients = (TREE / "tests/fuzz/corpus/schedule/sample").read_text().split("\n", 1)
    schedule = json.loads(head)
    schedule["plan_digest"] = digest
    count = len(clients.splitlines()) - 1  # after the names of the columns
    content = {
        "program": "0.1.0", "at": 1795464000000, "only": "", "plan": plan,
        "schedule": json.dumps(schedule, separators=(",", ":")) + "\n" + clients, "inventory": digest,
        "catalogue": "0" * 64,
        "artifacts": [{"path": file["source"], "sha256": file["digest"]} for file in schedule["hotfix"]["files"]],
        "files": [{"place": "site HQ", "path": "a.exe", "sha256": digest, "size": 7, "modified": 930057120000},
                  {"place": "logon server L1 of site HQ", "path": "Upgrade.bat", "trouble": "no answer"}]}
    probed = content | {"clients": {"standing": ("0123" * count)[:count], "why": {"0": "off"}}}
    for number, each in enumerate((content, probed)):
        text = json.dumps(each, separators=(",", ":"))
        sha = hashlib.sha256(text.encode()).hexdigest()
        seeds.add("saved_preview", f"content-{number}", text)
        seeds.add("saved_preview", f"whole-{number}",
                  f'{{"sitewide_preview":1,"sha256":"{sha}","content":{text}}}\n')


def logs(seeds):
    pcm = ("[06/22/99 10:39:20] Package Command Manager ==> Polling .....\r\n"
           "[06/22/99 10:39:28] Package Command Manager ==> Looking for instruction file: x\r\n"
           "[06/22/99 10:40:18] Package Command Manager ==> Packages after filter: 1\r\n")
    seeds.lines("pcm_log", ["\1" + pcm, "\1" + pcm.replace("10:40:18", "10:39:30"), "\3PCM => Looking for x\n",
                            "\1Tue Nov 10 17:56:25 1998"])
    working = "~Working on logon server S768AA0  $$<SMS_MAINTENANCE_MANAGER><Fri Feb 06 10:43:30 1998~><thread=12D>\r\n"
    seeds.lines("maintenance_log", [
        working, working.replace("<", "(").replace(">", ")"),
        working + "Free disk space check failed, error 144~ $$<M><Fri Feb 06 10:43:33 1998~><thread=1>\n"])
    seeds.lines("attempt_record", ["finished 0", "finished 255", "running 4711", "interrupted", "given-up",
                                   "line\r\n\033[31mlast \u202e\u009b line\n\n"])
    seeds.lines("text", ["plain", "\033[2J\a\b", "\u202etxt.exe \u2066 \u061c", "\u00e9\u4e16\U0001f600e\u0301",
                         "a,ab,b",
                         b"\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80", "<a href='x'>&\"", "0123456789abcdef" * 4])
    pe = b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0" + b"\x4c\x01" + bytes(2) + b"\x12\x34\x56\x37" + bytes(232)
    seeds.lines("payload", [b"MZ" + bytes(62), pe, pe.replace(b"\x4c\x01", b"\x84\x01"), b"SZDD\x88\xf0\x27\x33A\0",
                            b"MZ" + bytes(58) + b"\x40\0\0\0NE" + bytes(62), b"text"])


def lab(seeds):
    with tempfile.TemporaryDirectory() as parent:
        world = pathlib.Path(parent) / "lab"
        subprocess.run([sys.executable, TREE / "examples/lab/make-lab", world, "--story", "quiet", "--clients", "3",
                        "--canary", "1", "--no-wine"], check=True, stdout=subprocess.DEVNULL)
        for number, path in enumerate(sorted(world.rglob("*"))):
            name = path.name.lower()
            if not path.is_file():
                continue
            if name == "sms.ini":
                for key in ("Local\nSetupPhase\nUPGRADE\n", "SMS\nCopyListVersion\n835643766\n", "New\nKey\nvalue\n"):
                    seeds.add("sms_ini", f"lab-{number}-{key.split()[0]}", key.encode() + path.read_bytes())
                seeds.add("client_path", f"lab-{number}", b"C:\\MS\\SMS\\BIN\\Pcmwin32.exe\n" + path.read_bytes())
            elif name == "system.map":
                seeds.add("system_map", "lab", path.read_bytes())
            elif re.fullmatch(r"cl_.*\.txt", name):
                seeds.add("copy_list", f"lab-{number}", path.read_bytes())
            elif name == "clients.csv":
                seeds.add("inventory_csv", "lab", path.read_bytes())
            elif name == "maintman.log":
                seeds.add("maintenance_log", "lab", path.read_bytes())
    seeds.lines("client_path", ["../../etc/x", "C:\\..", "\\\\evil\\share", "CON", "a:stream", "a. /b ", "/etc/passwd",
                                "{sms_bin}/Pcmwin32.exe\n[SMS]\nSMSPath=C:\\MS\\SMS\n", "C:\\a//b\\.\\c"])
    seeds.lines("host_list", [
        '{"_meta": {"hostvars": {"pc1": {"ansible_host": "10.0.0.1", "ring": "canary", "n": 5, "f": 1.5, "t": true}}},'
        ' "all": {"children": ["ungrouped", "hq"]}, "hq": {"hosts": ["pc1", "pc2"], "children": ["east"]}}',
        '{"old": ["a", "b"], "east": {"vars": {}}, "_meta": {"hostvars": {"a": {"v": {"__ansible_vault": "x"},'
        ' "u": {"__ansible_unsafe": "y"}, "db_password": "z", "l": [1], "w": "{{ x }}"}}}}',
        '{"hq": {"vars": {"ring": "a"}}}', '[]', '{"_meta": []}', '<html>',
        '{"all": {"hosts": ["PC1", "pc1", "-x", ""]}, "a": {"children": ["b"]}, "b": {"children": ["a"]}}'])
    seeds.lines("inventory_csv", ['name,address,site\r\n"pc1",10.0.0.1,"a ""b"", c"\r\n\r\npc2,,\r\n',
                                  "\ufeffname;site\npc1;HQ\n", "name\npc1\nPC1\n", 'name,note\npc1,"two\nlines"\n'])


def answers(seeds):
    seeds.lines("registry", [
        "\r\nHKEY_LOCAL_MACHINE\\Software\\SMS\r\n    Viewers    REG_DWORD    0x1388\r\n\r\n",
        "    My REG value    REG_SZ    a  b \r\n", "\tx\tREG_EXPAND_SZ\t%windir%\n", "ERROR: no such value\r\n",
        "REG_SZ"])
    seeds.lines("client_state", [
        "WINNT\nMS\nWINNT\n\n[SMS]\nSMSPath=C:\\MS\\SMS\n[Local]\nSetupPhase=INSTALLED\n",
        "\n[SMS]\nOS=1\n", "win386.swp\n..\n\n[Local]\n", "WIN95\nWINDOWS\n\n"])
    seeds.lines("ldap_entries", [
        "dn:cn=pc1,dc=x\0cn=pc1\0dNSHostName=10.0.0.1\0l=HQ\0operatingSystem=NT\0dn:cn=pc2\0cn=pc2\0l=HQ\0l=PLANT",
        "dn:\033[2J\0cn=a\nb\0dn:x\0", "cn=lost\0dn:y\0cn=pc3\0cn=pc4", b"dn:z\0cn=\xff\xfe\0dn:z\0cn=z"])


def state_files(seeds):
    seeds.lines("owner", ["hq1\n4711\nalice\n2026-11-18T11:06:40Z\n", "\n-1\n\033[2J\n2026-11-18T11:06:40.123Z\n",
                          "hq1\n0012x\nalice\n2026-11-18T11:06:40Z\n", "hq1\n4711\n"])
    claims = b"sitewide claims 1\na-1 (pid 7 of me on hq1, in /state)\n\n"
    seeds.lines("claims", [claims, claims + bytes(range(255, 231, -1)), claims + b"12345", b"sitewide claims 2\n",
                           b"sitewide claims 1\n\033[2J\n\n" + bytes(8)])
    # How, as journal_fuzz.cpp has it: 1 live, 2 the log, 4 cut short, 8 the log replaced. An edit is place, how, what.
    edits = [place.to_bytes(2, "little") + bytes((1, 1 << bit))
             for bit, place in enumerate((18, 28, 100, 105, 4096, 5000, 12345, 40000))]
    for how in (0, 1, 3):
        seeds.add("journal", f"whole-{how}", bytes((how,)))
        for number, edit in enumerate(edits):
            seeds.add("journal", f"edit-{how}-{number}", bytes((how,)) + edit)
    for size in (0, 31, 32, 100, 4096, 4152, 20000):
        for how in (4, 7):
            seeds.add("journal", f"cut-{how}-{size}", bytes((how,)) + size.to_bytes(2, "little"))
    seeds.add("journal", "other-log", bytes((9,)) + bytes.fromhex("377f0682002de21800001000") + bytes(200))


def urls(seeds):
    seeds.lines("url", ["https://hooks.example.org:8443/a/b?c=d%20e", "http://h", "http://[2001:db8::1]:80/",
                        "HTTP://127.0.0.1?x", "https://u:p@h/", "http://h/#f", "http://[::ffff:1.2.3.4]/%zz",
                        "http://127.1/", "http://h:65536/", "http://h\r\nX: y/"])


def main():
    seeds = Seeds(pathlib.Path(sys.argv[1]))
    plans(seeds)
    records(seeds)
    saved_previews(seeds)
    logs(seeds)
    lab(seeds)
    answers(seeds)
    state_files(seeds)
    urls(seeds)


if __name__ == "__main__":
    main()
