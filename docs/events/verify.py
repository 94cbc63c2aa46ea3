#!/usr/bin/env python3
"""Checks an export of events: daybook export --format events ... | docs/events/verify.py"""
import hashlib, json, re, sys, uuid

LINE = re.compile(rb'\{"event":(.*),"hash":"(\w{64})","prevHash":"(\w{64})",'
                  rb'"private":(.*?)(?:,"report":(.*))?\}\n?')


def seal_in(event, path):
    place = event if path == "address" else event["metadata"]
    *outer, name = path.split(".")
    for key in outer:
        place = place[key]
    return place[name]


position, head = 0, None
for line in sys.stdin.buffer:
    stored, claimed, before, private, report = LINE.fullmatch(line).groups()
    event, position = json.loads(stored), position + 1
    if head is None:
        head = hashlib.sha256(uuid.UUID(event["orgId"]).bytes)
    if event["position"] != position or before.decode() != head.hexdigest():
        sys.exit(f"position {position}: not the event that follows")
    head = hashlib.sha256(head.digest() + stored)
    if claimed.decode() != head.hexdigest():
        sys.exit(f"position {position}: the hash is not that of these bytes")
    for path, text in (json.loads(private) or {}).items():
        salt = bytes.fromhex(text["salt"])
        seal = "sha256:" + hashlib.sha256(salt + text["value"].encode()).hexdigest()
        if len(salt) != 16 or seal != seal_in(event, path):
            sys.exit(f"position {position}: the text {path} is not the one that was sealed")
    named = event["metadata"].get("reportSha256")
    if named and named != hashlib.sha256(report or b"").hexdigest():
        sys.exit(f"position {position}: the frozen report is not the one that it names")
print(position, head.hexdigest() if head else "")
